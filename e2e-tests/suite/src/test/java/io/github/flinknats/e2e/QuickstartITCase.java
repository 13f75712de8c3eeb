// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first thing that users run. */
class QuickstartITCase {

    private static final long LIMIT_SECONDS = 240;

    @TempDir private Path temporary;

    @Test
    void checksItself() throws Exception {
        Result result = run(Map.of("JAVA_HOME", System.getProperty("java.home")), "--check");

        assertThat(result.status).as(result.output).isZero();
        assertThat(result.output)
                .contains("built already", "| +I |", "All results are right.")
                .doesNotContain("Exception");
        assertThat(temporary).as("cleans up").isEmptyDirectory();
    }

    @Test
    void helps() throws Exception {
        Result result = run(Map.of(), "--help");

        assertThat(result.status).isZero();
        assertThat(result.output).startsWith("Usage: ./quickstart").contains("--check");
    }

    @Test
    void refusesWhatItDoesNotKnow() throws Exception {
        Result result = run(Map.of(), "--chek");

        assertThat(result.status).isEqualTo(2);
        assertThat(result.output).startsWith("Usage: ./quickstart");
    }

    @Test
    void saysWhatIsMissingWithoutJava() throws Exception {
        Result result = run(Map.of("JAVA_HOME", "/no/such/jdk"), "--check");

        assertThat(result.status).isEqualTo(1);
        assertThat(result.output).contains("found no Java", "/no/such/jdk", "JDK 17", "JAVA_HOME");
    }

    @Test
    void saysWhatIsMissingWithAnOldJava() throws Exception {
        Path java = temporary.resolve("old/bin/java");
        Files.createDirectories(java.getParent());
        Files.writeString(java, "#!/bin/sh\necho '    java.specification.version = 1.8'\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();

        Result result = run(Map.of("JAVA_HOME", temporary.resolve("old").toString()), "--check");

        assertThat(result.status).isEqualTo(1);
        assertThat(result.output).contains("is Java 1.8", "JDK 17", "JAVA_HOME");
    }

    private Result run(Map<String, String> environment, String argument)
            throws IOException, InterruptedException {
        Path output = Build.target().resolve("quickstart.out");
        ProcessBuilder builder =
                new ProcessBuilder(Build.root().resolve("quickstart").toString(), argument)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        builder.environment().put("TMPDIR", temporary.toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroy();
            throw new AssertionError("does not end: " + Files.readString(output));
        }
        return new Result(process.exitValue(), Files.readString(output));
    }

    private static final class Result {
        final int status;
        final String output;

        Result(int status, String output) {
            this.status = status;
            this.output = output;
        }
    }
}
