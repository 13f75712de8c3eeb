// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Asks {@code tools/nats-server} for the binary, once per JVM. */
final class ServerBinary {

    /** Set by the build: path of the provider script. */
    private static final String PROVIDER = "nats.server.provider";

    private static final long LIMIT_MINUTES = 15;

    private static @Nullable Path resolved;

    private ServerBinary() {}

    static synchronized Path path() {
        if (resolved == null) {
            resolved = ask(provider());
        }
        return resolved;
    }

    private static Path provider() {
        String property = System.getProperty(PROVIDER);
        if (property != null) {
            return Path.of(property);
        }
        // Started from an IDE: look upwards from the module.
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path script = at.resolve("tools").resolve("nats-server");
            if (Files.isExecutable(script)) {
                return script;
            }
        }
        throw new IllegalStateException(
                "cannot find tools/nats-server above "
                        + Path.of("").toAbsolutePath()
                        + ": set the system property "
                        + PROVIDER);
    }

    private static Path ask(Path script) {
        Path progress = null;
        try {
            progress = Files.createTempFile("nats-server-provider", ".log");
            Process process =
                    new ProcessBuilder(script.toString()).redirectError(progress.toFile()).start();
            String answer =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
                process.destroy();
                throw new IllegalStateException(
                        script + " found no nats-server:\n" + Files.readString(progress));
            }
            return Path.of(answer.strip());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + script, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + script + " ran", e);
        } finally {
            if (progress != null) {
                Directories.delete(progress);
            }
        }
    }
}
