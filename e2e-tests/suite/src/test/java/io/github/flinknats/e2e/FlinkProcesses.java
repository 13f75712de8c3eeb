// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.e2e;

import io.github.flinknats.testing.Await;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A session cluster as users run it: a JobManager, TaskManagers, a SQL gateway and, on demand, the
 * SQL client, each in a JVM of its own. They do not outlive this JVM, however it ends.
 */
final class FlinkProcesses implements AutoCloseable {

    static final int SLOTS = 3;

    static final String JOB_MANAGER = "jobmanager";

    private static final Duration READY = Duration.ofMinutes(2);
    private static final long CLIENT_LIMIT_SECONDS = 150;
    private static final String ENTRY = "org.apache.flink.";

    /** As in Flink's own start scripts. */
    private static final List<String> OPENED =
            List.of(
                    "java.lang",
                    "java.lang.reflect",
                    "java.net",
                    "java.io",
                    "java.nio",
                    "sun.nio.ch",
                    "java.text",
                    "java.time",
                    "java.util",
                    "java.util.concurrent",
                    "java.util.concurrent.atomic",
                    "java.util.concurrent.locks");

    /** What is known of a JobManager that died is given up soon. */
    private static final String RECOVERY =
            "high-availability.type: zookeeper\n"
                    + "high-availability.zookeeper.quorum: 127.0.0.1:@ZOOKEEPER_PORT@\n"
                    + "high-availability.zookeeper.client.session-timeout: 4s\n"
                    + "high-availability.storageDir: file://@DIR@/recovery\n";

    /** Kills what it was told of, unless it is killed itself before its input ends. */
    private static final String WATCHDOG =
            "trap '' INT TERM HUP; pids=; while read -r pid; do pids=\"$pids $pid\"; done;"
                    + " kill -9 $pids";

    private final Path directory;
    private final String classPath;
    private final Process watchdog;
    private final Map<String, Process> processes = new LinkedHashMap<>();
    private final Rest cluster;
    private final Rest gateway;
    private final int gatewayPort;
    private int clients;

    private FlinkProcesses(String version, boolean recovers) throws IOException {
        // In the build directory, where the logs of a failed test are found.
        this.directory = Files.createTempDirectory(Build.target(), "flink-" + version + "-");
        this.classPath = Build.flinkClassPath(version);
        int[] ports = Ports.free(5);
        this.cluster = new Rest(ports[0]);
        this.gatewayPort = ports[3];
        this.gateway = new Rest(gatewayPort);
        for (String each : List.of("log", "plugins", "tmp", "conf")) {
            Files.createDirectory(directory.resolve(each));
        }
        String config =
                Build.flinkConfig()
                        .replace("@REST_PORT@", "" + ports[0])
                        .replace("@RPC_PORT@", "" + ports[1])
                        .replace("@BLOB_PORT@", "" + ports[2])
                        .replace("@SLOTS@", "" + SLOTS);
        if (recovers) {
            config += RECOVERY.replace("@ZOOKEEPER_PORT@", "" + ports[4]);
            Files.writeString(
                    directory.resolve("conf/zoo.cfg"),
                    String.format(
                            "tickTime=1000%nclientPort=%d%ndataDir=%s%nadmin.enableServer=false%n",
                            ports[4], directory.resolve("zookeeper")));
        }
        Files.writeString(
                directory.resolve("conf/config.yaml"),
                config.replace("@DIR@", directory.toString()));
        this.watchdog = new ProcessBuilder("sh", "-c", WATCHDOG).start();
    }

    /** A ready cluster with these TaskManagers. */
    static FlinkProcesses start(String version, String... taskManagers) throws IOException {
        return new FlinkProcesses(version, false).started(taskManagers);
    }

    /** As above, with a ZooKeeper, so that jobs outlive their JobManager. */
    static FlinkProcesses startRecovering(String version, String... taskManagers)
            throws IOException {
        FlinkProcesses flink = new FlinkProcesses(version, true);
        flink.launch(
                "zookeeper",
                64,
                ENTRY + "runtime.zookeeper.FlinkZooKeeperQuorumPeer",
                List.of("--zkConfigFile", flink.conf() + "/zoo.cfg", "--peerId", "1"));
        return flink.started(taskManagers);
    }

    private FlinkProcesses started(String... taskManagers) throws IOException {
        try {
            launchJobManager();
            for (String each : taskManagers) {
                launchTaskManager(each);
            }
            launch(
                    "gateway",
                    256,
                    ENTRY + "table.gateway.SqlGateway",
                    List.of(
                            "-Dsql-gateway.endpoint.rest.address=127.0.0.1",
                            "-Dsql-gateway.endpoint.rest.port=" + gatewayPort));
            awaitSlots(taskManagers.length * SLOTS);
            await("the gateway", () -> gateway.text("/v1/info").contains("version"));
            return this;
        } catch (IOException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    // ---- processes ---------------------------------------------------------------------------

    void launchJobManager() throws IOException {
        launch(
                JOB_MANAGER,
                384,
                ENTRY + "runtime.entrypoint.StandaloneSessionClusterEntrypoint",
                List.of("--configDir", conf(), "--executionMode", "cluster"));
    }

    void launchTaskManager(String id) throws IOException {
        launch(
                id,
                256,
                ENTRY + "runtime.taskexecutor.TaskManagerRunner",
                List.of("--configDir", conf(), "-D", "taskmanager.resource-id=" + id));
    }

    /** SIGKILL. */
    void kill(String name) throws InterruptedException {
        processes.remove(name).destroyForcibly().waitFor();
    }

    void awaitSlots(int slots) {
        await(
                slots + " slots",
                () -> cluster.text("/overview").contains("\"slots-total\":" + slots + ","));
    }

    private void await(String what, Await.Condition condition) {
        Await.until(what, READY, condition, this::dead);
    }

    private String dead() {
        return processes.entrySet().stream()
                .filter(each -> !each.getValue().isAlive())
                .map(each -> each.getKey() + " ended: " + log(each.getKey() + ".out"))
                .collect(Collectors.joining("\n"));
    }

    /** Runs the SQL client on a script to its end; returns what it printed. */
    String client(String script, String... arguments) throws IOException, InterruptedException {
        String name = "client-" + ++clients;
        Path file = directory.resolve(name + ".sql");
        Files.writeString(file, script);
        List<String> all = new ArrayList<>(List.of("embedded", "-f", file.toString()));
        Collections.addAll(all, arguments);
        Process process = launch(name, 384, ENTRY + "table.client.SqlClient", all);
        if (!process.waitFor(CLIENT_LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the SQL client did not end: " + log(name + ".out"));
        }
        return log(name + ".out");
    }

    private Process launch(String name, int heapMegabytes, String main, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + heapMegabytes + "m");
        command.add("-XX:+UseSerialGC");
        command.add("-XX:TieredStopAtLevel=1"); // these JVMs live for a minute
        OPENED.forEach(each -> command.add("--add-opens=java.base/" + each + "=ALL-UNNAMED"));
        command.add("-Djava.io.tmpdir=" + directory.resolve("tmp"));
        command.add("-Dlog.file=" + logs().resolve(name + ".log"));
        command.add("-Dlog4j.configurationFile=" + Build.flinkLogging().toUri());
        command.addAll(Arrays.asList("-cp", classPath, main));
        command.addAll(arguments);
        File output = logs().resolve(name + ".out").toFile();
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output));
        builder.environment().put("FLINK_CONF_DIR", conf());
        builder.environment().put("FLINK_PLUGINS_DIR", directory.resolve("plugins").toString());
        Process process = builder.start();
        process.getOutputStream().close();
        watchdog.getOutputStream().write((process.pid() + "\n").getBytes(StandardCharsets.UTF_8));
        watchdog.getOutputStream().flush();
        processes.put(name, process);
        return process;
    }

    // ---- looking inside ----------------------------------------------------------------------

    /** The cluster's REST endpoint. */
    Rest cluster() {
        return cluster;
    }

    /** The SQL gateway's REST endpoint. */
    Rest gateway() {
        return gateway;
    }

    /** A directory for the files of jobs, on the machine of all processes. */
    Path directory() {
        return directory;
    }

    /** Everything that all processes logged, by file name. */
    Map<String, String> everythingLogged() throws IOException {
        Map<String, String> all = new LinkedHashMap<>();
        try (Stream<Path> files = Files.list(logs())) {
            files.map(file -> file.getFileName().toString())
                    // The client echoes the script that it is given.
                    .filter(file -> !file.matches("client-\\d+\\.out"))
                    .forEach(file -> all.put(file, log(file)));
        }
        return all;
    }

    private String log(String file) {
        try {
            return Files.readString(logs().resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the log " + file, e);
        }
    }

    private Path logs() {
        return directory.resolve("log");
    }

    private String conf() {
        return directory.resolve("conf").toString();
    }

    @Override
    public void close() {
        for (Process each : processes.values()) {
            each.destroyForcibly();
        }
        for (Process each : processes.values()) {
            each.onExit().join();
        }
        watchdog.destroyForcibly();
        deleteTemporaryFiles();
    }

    /** Each JVM unpacks a planner of 40 MB. The logs stay. */
    private void deleteTemporaryFiles() {
        try (Stream<Path> files = Files.walk(directory.resolve("tmp"))) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
    }
}
