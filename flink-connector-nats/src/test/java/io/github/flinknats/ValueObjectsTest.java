// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.Serializable;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every value, found by what it is: a final class that can be serialized and has an equality. No
 * class has to register.
 */
class ValueObjectsTest {
    private static final int MOST_FIELDS = 5;
    private static final List<Class<?>> VALUES = values();

    private static List<Class<?>> values() {
        JavaClasses all =
                new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("io.github.flinknats");
        return all.stream()
                .filter(c -> c.isAssignableTo(Serializable.class))
                .filter(c -> c.tryGetMethod("equals", Object.class).isPresent())
                .map(c -> c.reflect())
                .filter(c -> Modifier.isFinal(c.getModifiers()) && !c.isEnum())
                .collect(Collectors.toList());
    }

    @Test
    void findsThem() {
        assertThat(VALUES.stream().map(Class::getSimpleName))
                .contains("ConnectionSettings", "ReadPlan", "SubjectFilter", "ScanSettings");
    }

    @TestFactory
    Stream<DynamicTest> areEqualFieldByField() {
        return forEach(ValueObjectsTest::isEqualFieldByField);
    }

    private static void isEqualFieldByField(Class<?> type) throws Exception {
        Object value = SampleValues.of(type, 0);
        Object same = SampleValues.of(type, 0);
        assertThat(value).isEqualTo(same).hasSameHashCodeAs(same).isEqualTo(value);
        assertThat(value).isNotEqualTo(null);
        assertThat(value).isNotEqualTo("another class");
        for (Field field : SampleValues.fields(type)) {
            Object other = SampleValues.of(type, 0);
            field.set(other, SampleValues.of(field.getGenericType(), 1));
            assertThat(other).as(field.getName()).isNotEqualTo(value);
            if (SampleValues.isNullable(field)) {
                field.set(other, null);
                assertThat(other).as(field.getName() + " null").isNotEqualTo(value);
                assertThat(value).as(field.getName() + " null").isNotEqualTo(other);
                assertThat(other.hashCode()).isNotZero();
                assertThat(other.toString()).isNotEmpty();
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> travelUnchanged() {
        return forEach(
                type -> {
                    Object value = SampleValues.of(type, 0);
                    Object copy =
                            InstantiationUtil.deserializeObject(
                                    InstantiationUtil.serializeObject(value),
                                    type.getClassLoader());
                    assertThat(copy).isEqualTo(value).isNotSameAs(value);
                    Field version = type.getDeclaredField("serialVersionUID");
                    assertThat(Modifier.isPrivate(version.getModifiers())).isTrue();
                });
    }

    @TestFactory
    Stream<DynamicTest> printNoSecrets() {
        return forEach(
                type ->
                        assertThat(SampleValues.of(type, 0).toString())
                                .doesNotContain(SampleValues.SECRET));
    }

    @TestFactory
    Stream<DynamicTest> areSmallAndDoNotChange() {
        return forEach(
                type -> {
                    List<Field> fields = SampleValues.fields(type);
                    assertThat(fields).hasSizeLessThanOrEqualTo(MOST_FIELDS);
                    for (Field field : fields) {
                        assertThat(Modifier.isFinal(field.getModifiers()))
                                .as(field.getName())
                                .isTrue();
                        assertThat(field.getType().isArray()).as(field.getName()).isFalse();
                        assertThat(field.getType()).isNotEqualTo(Pattern.class);
                    }
                    assertThat(type.getConstructors()).as("public constructors").isEmpty();
                });
    }

    private static Stream<DynamicTest> forEach(Check check) {
        return VALUES.stream().map(type -> dynamicTest(type.getSimpleName(), () -> check.on(type)));
    }

    private interface Check {
        void on(Class<?> type) throws Exception;
    }
}
