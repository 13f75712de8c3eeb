// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One server process after the other, all writing to one log. Never outlives the JVM. */
final class ServerProcess {

    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    private final List<String> command;
    private final Path log;
    private @Nullable Process process;

    ServerProcess(List<String> command, Path log) {
        this.command = List.copyOf(command);
        this.log = log;
    }

    synchronized void start() {
        if (isAlive()) {
            throw new IllegalStateException("the server runs already");
        }
        try {
            process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(Redirect.appendTo(log.toFile()))
                            .start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command, e);
        }
        Orphans.adopt(process.pid());
    }

    synchronized boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** SIGKILL; returns when the process is gone. */
    synchronized void kill() {
        if (process != null) {
            process.destroyForcibly();
            awaitEnd(process);
        }
    }

    /** SIGTERM; returns when the process is gone. */
    synchronized void stop() {
        if (process != null) {
            signal("CONT"); // a stopped process would keep the SIGTERM pending
            process.destroy();
            awaitEnd(process);
        }
    }

    /** Sends a signal by name, without "SIG"; does nothing if there is no process. */
    synchronized void signal(String name) {
        if (process == null || !process.isAlive()) {
            return;
        }
        // The shell's own kill: minimal containers have no /bin/kill.
        String kill = "kill -" + name + " " + process.pid();
        try {
            Process shell = new ProcessBuilder("sh", "-c", kill).redirectErrorStream(true).start();
            String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (shell.waitFor() != 0 && process.isAlive()) {
                throw new IllegalStateException("'" + kill + "' failed: " + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run '" + kill + "'", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in '" + kill + "'", e);
        }
    }

    String log() {
        try {
            return Files.exists(log) ? Files.readString(log, StandardCharsets.ISO_8859_1) : "";
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + log, e);
        }
    }

    private static void awaitEnd(Process process) {
        try {
            if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("the server did not stop within " + STOP_LIMIT);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the server stopped", e);
        } finally {
            Orphans.release(process.pid());
        }
    }
}
