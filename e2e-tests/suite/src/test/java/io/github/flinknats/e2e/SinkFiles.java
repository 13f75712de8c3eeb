// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.e2e;

import io.github.flinknats.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The directory of a filesystem sink with one number a line. Flink shows a file under its final
 * name when the checkpoint that closed it is complete, so what is visible is exact under failures.
 */
final class SinkFiles {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final Path directory;
    private final Map<Path, List<Long>> read = new HashMap<>(); // a committed file stays as it is

    SinkFiles(Path directory) {
        this.directory = directory;
    }

    /** The rest of a CREATE TABLE. */
    String options() {
        return "WITH ('connector' = 'filesystem', 'format' = 'csv', 'path' = 'file://"
                + directory
                + "')";
    }

    /** Every number that was committed, as often as it was, in ascending order. */
    List<Long> numbers() throws IOException {
        List<Long> numbers = new ArrayList<>();
        if (!Files.isDirectory(directory)) {
            return numbers;
        }
        List<Path> files;
        try (Stream<Path> walk = Files.walk(directory)) {
            files = walk.filter(SinkFiles::isCommitted).collect(Collectors.toList());
        }
        for (Path file : files) {
            if (!read.containsKey(file)) {
                read.put(
                        file,
                        Files.readAllLines(file).stream()
                                .map(Long::valueOf)
                                .collect(Collectors.toList()));
            }
            numbers.addAll(read.get(file));
        }
        numbers.sort(null);
        return numbers;
    }

    /** Returns when at least so many numbers are committed. */
    void awaitCount(int count) {
        awaitCount(count, LIMIT);
    }

    void awaitCount(int count, Duration limit) {
        Await.until(
                count + " rows in " + directory,
                limit,
                () -> numbers().size() >= count,
                this::describe);
    }

    private String describe() {
        try {
            return numbers().size() + " rows";
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static boolean isCommitted(Path file) {
        String name = file.getFileName().toString();
        return Files.isRegularFile(file) && !name.startsWith(".") && !name.startsWith("_");
    }
}
