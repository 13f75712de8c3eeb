// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class UberJarITCase {

    private static final int JAVA_11 = 55;
    private static final long SIZE_LIMIT = 2_000_000;
    private static final String SHADED = "io.github.flinknats.shaded.";
    private static final String SERVICES =
            "META-INF/services/org.apache.flink.table.factories.Factory";
    private static final String FACTORY = "io.github.flinknats.table.NatsTableFactory";

    /** A name of a bundled library, as class or as path, that is not under the shaded package. */
    private static final Pattern ORIGINAL_NAME =
            Pattern.compile(
                    "(?<!io[./]github[./]flinknats[./]shaded[./])"
                            + "\\b(io([./])nats|org([./])bouncycastle|org([./])jspecify)[./]");

    /** group:artifact:version */
    private static final Pattern COORDINATES =
            Pattern.compile("([\\w.-]+:[\\w.-]+):(?:jar:)?([\\w.-]+)");

    /** How a bill of materials names a part. */
    private static final Pattern PURL =
            Pattern.compile("\"purl\"\\s*:\\s*\"pkg:maven/([^/]+)/([^@]+)@([^?\"]+)");

    private static UberJar jar;

    @BeforeAll
    static void read() throws IOException {
        jar = UberJar.read();
    }

    @Test
    void everyClassIsInOurPackages() throws IOException {
        assertThat(jar.classes())
                .extracting(ClassFile::file)
                .isNotEmpty()
                .allMatch(file -> file.startsWith("io/github/flinknats/"));
    }

    @Test
    void nothingIsShadedTwice() {
        assertThat(jar.names()).noneMatch(name -> name.contains("shaded/io/github"));
    }

    @Test
    void hasNoOtherFilesThanTheseAndClasses() {
        assertThat(jar.names())
                .filteredOn(name -> !name.endsWith(".class"))
                .containsExactly(
                        "META-INF/LICENSE",
                        "META-INF/MANIFEST.MF",
                        "META-INF/NOTICE",
                        "META-INF/licenses/LICENSE.bouncycastle",
                        SERVICES,
                        "io/github/flinknats/shaded/io/nats/jnats/version.properties");
    }

    @Test
    void bundledLibrariesAreReferredToByTheirNewNames() throws IOException {
        List<String> found = new ArrayList<>();
        for (ClassFile each : jar.classes()) {
            for (String text : each.texts()) {
                // Sentences are for people; they name what people know.
                if (!text.contains(" ") && ORIGINAL_NAME.matcher(text).find()) {
                    found.add(each.file() + ": " + text);
                }
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void runsOnJava11() throws IOException {
        assertThat(jar.classes()).allMatch(each -> each.majorVersion() <= JAVA_11);
    }

    @Test
    void isSmall() throws IOException {
        assertThat(jar.size()).isLessThan(SIZE_LIMIT);
    }

    @Test
    void noticeNamesExactlyWhatIsBundled() throws IOException {
        List<String> resolved =
                coordinates(Files.readString(Path.of(System.getProperty("bundled.list"))));

        assertThat(resolved).hasSizeGreaterThan(1);
        assertThat(coordinates(jar.text("META-INF/NOTICE")))
                .containsExactlyInAnyOrderElementsOf(resolved);
    }

    @Test
    void theBillOfMaterialsListsExactlyWhatIsBundled() throws IOException {
        Set<String> listed = new TreeSet<>();
        Matcher part = PURL.matcher(Files.readString(Path.of(System.getProperty("sbom"))));
        while (part.find()) {
            listed.add(part.group(1) + ':' + part.group(2) + ':' + part.group(3));
        }
        listed.removeIf(own -> own.contains(":flink-sql-connector-nats:"));

        List<String> resolved =
                coordinates(Files.readString(Path.of(System.getProperty("bundled.list"))));
        assertThat(listed).containsExactlyInAnyOrderElementsOf(resolved);
    }

    @Test
    void bringsTheLicencesThatTheNoticeNames() {
        assertThat(jar.text("META-INF/LICENSE")).contains("Apache License", "Version 2.0");
        assertThat(jar.text("META-INF/licenses/LICENSE.bouncycastle"))
                .contains("Bouncy Castle", "Permission is hereby granted");
        assertThat(jar.text("META-INF/NOTICE"))
                .contains("(META-INF/LICENSE)", "(META-INF/licenses/LICENSE.bouncycastle)");
    }

    @Test
    void flinkFindsTheFactoryInTheJarAlone() throws Exception {
        assertThat(jar.lines(SERVICES))
                .filteredOn(line -> !line.startsWith("#"))
                .containsExactly(FACTORY);
        try (URLClassLoader loader = jar.loader()) {
            Class<?> service = loader.loadClass("org.apache.flink.table.factories.Factory");
            Object factory =
                    ServiceLoader.load(service, loader).stream()
                            .filter(each -> each.type().getName().equals(FACTORY))
                            .findFirst()
                            .orElseThrow()
                            .get();

            Method identifier = service.getMethod("factoryIdentifier");
            assertThat(identifier.invoke(factory)).isEqualTo("nats");
            assertThat(factory.getClass().getClassLoader()).isSameAs(loader);
        }
    }

    @Test
    void everyTypeThatAClassMentionsIsThere() throws Exception {
        try (URLClassLoader loader = jar.loader()) {
            for (ClassFile each : jar.classes()) {
                Class<?> loaded = Class.forName(each.className(), false, loader);
                // Resolves the types of all signatures; throws NoClassDefFoundError if one lacks.
                assertThat(loaded.getDeclaredMethods()).as(each.file()).isNotNull();
                assertThat(loaded.getDeclaredConstructors()).as(each.file()).isNotNull();
                assertThat(loaded.getDeclaredFields()).as(each.file()).isNotNull();
            }
        }
    }

    /** Their prefix is a package name, which the shading renames in texts too. */
    @Test
    void propertiesForTheClientHaveTheNamesThatItLooksFor() throws Exception {
        try (URLClassLoader loader = jar.loader()) {
            Method toProperties =
                    loader.loadClass("io.github.flinknats.client.ClientProperties")
                            .getDeclaredMethod("toProperties", Map.class);
            toProperties.setAccessible(true);
            Object key =
                    loader.loadClass(SHADED + "io.nats.client.Options")
                            .getField("PROP_PEDANTIC")
                            .get(null);

            assertThat(toProperties.invoke(null, Map.of("pedantic", "true")))
                    .isEqualTo(Map.of(key, "true"));
        }
    }

    @Test
    void signsWithWhatIsLeftOfBouncyCastle() throws Exception {
        byte[] message = "nonce".getBytes(StandardCharsets.UTF_8);
        try (URLClassLoader loader = jar.loader()) {
            Class<?> type = loader.loadClass(SHADED + "io.nats.client.NKey");
            Object key =
                    type.getMethod("createUser", SecureRandom.class)
                            .invoke(null, new SecureRandom());
            Object signature = type.getMethod("sign", byte[].class).invoke(key, message);

            assertThat(
                            type.getMethod("verify", byte[].class, byte[].class)
                                    .invoke(key, message, signature))
                    .isEqualTo(true);
        }
    }

    private static List<String> coordinates(String text) {
        Matcher matcher = COORDINATES.matcher(text);
        return matcher.results()
                .map(found -> found.group(1) + ":" + found.group(2))
                .collect(Collectors.toList());
    }
}
