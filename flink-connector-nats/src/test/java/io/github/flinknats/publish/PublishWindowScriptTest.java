// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Plays every story in {@code src/test/resources/publish}. */
class PublishWindowScriptTest {

    static List<String> stories() throws IOException {
        try (Stream<Path> files = Files.list(folder())) {
            return files.map(file -> file.getFileName().toString())
                    .sorted()
                    .collect(Collectors.toList());
        }
    }

    private static Path folder() {
        return Paths.get("src", "test", "resources", "publish");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("stories")
    void doesWhatTheStoryTells(String story) throws IOException {
        List<String> script =
                Files.readAllLines(folder().resolve(story), StandardCharsets.UTF_8).stream()
                        .map(line -> line.trim().replaceAll("\\s+", " "))
                        .collect(Collectors.toList());
        assertThat(script.get(0)).as("the head line says what happens").startsWith("# ");
        assertThat(script).as("something happens").anyMatch(line -> line.contains(" -> "));
        assertThat(String.join("\n", new PublishWindowScript().play(script)))
                .isEqualTo(String.join("\n", script));
    }
}
