// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that servers die with the JVM, also if that is killed and runs no shutdown hook: a
 * shell reads process ids and directories from this JVM, and when the pipe ends it kills and
 * deletes what was not released.
 */
final class Orphans {

    // The lists live in the shell; a shell without arrays removes a word by copying the others.
    private static final String SCRIPT =
            "trap '' INT TERM HUP\n"
                    + "pids=; dirs=\n"
                    + "while read -r what value; do\n"
                    + "  case $what in\n"
                    + "    +pid) pids=\"$pids $value\" ;;\n"
                    + "    +dir) dirs=\"$dirs $value\" ;;\n"
                    + "    -pid) rest=; for p in $pids; do\n"
                    + "      [ \"$p\" = \"$value\" ] || rest=\"$rest $p\"; done; pids=$rest ;;\n"
                    + "    -dir) rest=; for d in $dirs; do\n"
                    + "      [ \"$d\" = \"$value\" ] || rest=\"$rest $d\"; done; dirs=$rest ;;\n"
                    + "  esac\n"
                    + "done\n"
                    + "for p in $pids; do kill -9 \"$p\"; done\n"
                    + "for d in $dirs; do rm -rf \"$d\"; done\n";

    private static @Nullable OutputStream pipe;

    private Orphans() {}

    static void adopt(long pid) {
        tell("+pid " + pid);
    }

    static void release(long pid) {
        tell("-pid " + pid);
    }

    static void adopt(Path directory) {
        if (isPlain(directory)) {
            tell("+dir " + directory);
        }
    }

    static void release(Path directory) {
        if (isPlain(directory)) {
            tell("-dir " + directory);
        }
    }

    /** A path the shell could take apart is left alone: a leftover is better than an accident. */
    private static boolean isPlain(Path directory) {
        return directory.toString().matches("/[A-Za-z0-9._/-]+/[A-Za-z0-9._-]+");
    }

    private static synchronized void tell(String line) {
        try {
            if (pipe == null) {
                pipe =
                        new ProcessBuilder("sh", "-c", SCRIPT)
                                .redirectOutput(Redirect.DISCARD)
                                .redirectError(Redirect.DISCARD)
                                .start()
                                .getOutputStream();
            }
            pipe.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            pipe.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot watch over server processes", e);
        }
    }
}
