// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import java.io.EOFException;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/** Why bytes of a checkpoint or savepoint are not taken for state. */
@Internal
public final class StateFailures {
    private final String what;
    private final int first;
    private final int last;

    private StateFailures(String what, int first, int last) {
        this.what = what;
        this.first = first;
        this.last = last;
    }

    /**
     * Failures of reading one kind of state.
     *
     * @param what as in "the state of a NATS split"
     * @param first the oldest version that is known
     * @param last the newest version that is known
     */
    public static StateFailures of(String what, int first, int last) {
        return new StateFailures(what, first, last);
    }

    /**
     * Checks that the version is known.
     *
     * @throws IOException when it is not
     */
    public void checkVersion(int version) throws IOException {
        if (version < first || version > last) {
            throw new IOException(
                    "Cannot restore "
                            + what
                            + ", because it has version "
                            + version
                            + ", and this connector knows only versions "
                            + first
                            + " to "
                            + last
                            + ". Please restore it with the connector that wrote it, or a newer"
                            + " one.");
        }
    }

    /** The bytes are not what was written. */
    public IOException damaged(int version, Exception cause) {
        return new IOException(
                "Cannot restore "
                        + what
                        + " (version "
                        + version
                        + "), because it is damaged: "
                        + reason(cause)
                        + ". Please restore an older checkpoint or savepoint, or start the job"
                        + " without the old state.",
                cause);
    }

    private static @Nullable String reason(Exception cause) {
        if (cause instanceof EOFException || cause instanceof BufferUnderflowException) {
            return "it ends too early";
        }
        if (cause instanceof CharacterCodingException) {
            return "a text is not UTF-8";
        }
        return Failures.text(cause);
    }

    // ------------------------------------------------------------------ what all of them read

    /**
     * A length that the rest of the bytes can hold: garbage must not make us allocate gigabytes.
     *
     * @throws IOException when they cannot
     */
    public static int size(int size, int left) throws IOException {
        if (size < 0 || size > left) {
            throw new IOException("a length of " + size + " with " + left + " bytes left");
        }
        return size;
    }

    /**
     * What is yes or no.
     *
     * @throws IOException when it is neither
     */
    public static boolean flag(byte flag) throws IOException {
        if (flag != 0 && flag != 1) {
            throw new IOException("a mark of " + flag + " where 0 or 1 is due");
        }
        return flag == 1;
    }

    /**
     * A text.
     *
     * @throws IOException when the bytes are no UTF-8
     */
    public static String text(byte[] utf8) throws IOException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    }

    /**
     * Checks that the end is reached.
     *
     * @throws IOException when it is not
     */
    public static void end(int left) throws IOException {
        if (left > 0) {
            throw new IOException(left + " bytes are left over");
        }
    }
}
