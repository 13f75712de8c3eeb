// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.github.flinknats.table.row.ReadableMetadata;
import io.github.flinknats.table.row.WritableMetadata;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.FallbackKey;
import org.junit.jupiter.api.Test;

/**
 * No option and no metadata key without a test that sets it through SQL, against a real server.
 * {@link SqlFixture} sees to it that a test does what its {@link Covers} claims.
 */
class SqlCoverageTest {
    private static final Set<JavaMethod> CLAIMING =
            new ClassFileImporter()
                            .withImportOption(new ImportOption.OnlyIncludeTests())
                            .importPackages("io.github.flinknats")
                            .stream()
                            .map(JavaClass::getMethods)
                            .flatMap(Set::stream)
                            .filter(method -> method.isAnnotatedWith(Covers.class))
                            .collect(Collectors.toSet());

    @Test
    void everyOptionIsSetBySomeTest() {
        NatsTableFactory factory = new NatsTableFactory();
        Set<String> keys = new TreeSet<>();
        Stream.concat(factory.requiredOptions().stream(), factory.optionalOptions().stream())
                .forEach(option -> addKeys(option, keys));

        assertThat(claimed(Covers::options)).containsAll(keys);
    }

    private static void addKeys(ConfigOption<?> option, Set<String> keys) {
        keys.add(option.key());
        for (FallbackKey other : option.fallbackKeys()) {
            keys.add(other.getKey());
        }
    }

    @Test
    void everyMetadataKeyIsUsedBySomeTest() {
        Set<String> keys = new TreeSet<>();
        for (ReadableMetadata metadata : ReadableMetadata.values()) {
            keys.add(metadata.key());
        }
        for (WritableMetadata metadata : WritableMetadata.values()) {
            keys.add(metadata.key());
        }

        assertThat(claimed(Covers::metadata)).containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    void onlyTestsThatAreHeldToItClaimAnything() {
        for (JavaMethod method : CLAIMING) {
            assertThat(method.isAnnotatedWith(Test.class)).as(method.getFullName()).isTrue();
            assertThat(method.getOwner().getSimpleName()).endsWith("ITCase");
            assertThat(
                            method.getOwner().getFields().stream()
                                    .anyMatch(
                                            field ->
                                                    field.getRawType()
                                                            .isEquivalentTo(SqlFixture.class)))
                    .as(method.getFullName() + " has a SqlFixture")
                    .isTrue();
        }
    }

    private static Set<String> claimed(Function<Covers, String[]> keys) {
        return CLAIMING.stream()
                .flatMap(
                        method ->
                                Arrays.stream(keys.apply(method.getAnnotationOfType(Covers.class))))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
