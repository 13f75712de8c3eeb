// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Scripts that tell what a core is told and what it answers, one file per story in a folder of
 * {@code src/test/resources}. A player writes each line again with the answer that it really got.
 */
public final class Stories {
    private final Path folder;

    private Stories(String folder) {
        this.folder = Paths.get("src", "test", "resources", folder);
    }

    public static Stories in(String folder) {
        return new Stories(folder);
    }

    /** The files, in alphabetical order. */
    public List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .sorted()
                    .collect(Collectors.toList());
        }
    }

    /** Fails unless the player writes the story as it stands in the file. */
    public void play(String story, UnaryOperator<List<String>> player) throws IOException {
        List<String> script =
                lines(Files.readAllLines(folder.resolve(story), StandardCharsets.UTF_8));
        assertThat(script.get(0)).as("the head line says what happens").startsWith("# ");
        assertThat(script).as("something happens").anyMatch(line -> line.contains(" -> "));
        assertThat(String.join("\n", player.apply(script))).isEqualTo(String.join("\n", script));
    }

    /** Joins what was wrapped, and takes out the blanks that align the arrows. */
    private static List<String> lines(List<String> text) {
        List<String> lines = new ArrayList<>();
        for (String line : text) {
            String tidy = line.trim().replaceAll("\\s+", " ");
            if (line.startsWith(" ")) {
                lines.set(lines.size() - 1, lines.get(lines.size() - 1) + " " + tidy);
            } else {
                lines.add(tidy);
            }
        }
        return lines;
    }
}
