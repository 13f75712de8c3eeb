// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import java.util.Arrays;
import org.apache.flink.annotation.Internal;

/** Bytes that are put together piece by piece, again and again in the same array. */
@Internal
@OwnedBy(ThreadRole.ANY)
public final class ByteText {
    private static final int MOST_DIGITS = 20;

    private byte[] bytes;
    private int length;

    /** An empty text that grows when it has to. */
    public ByteText(int capacity) {
        this.bytes = new byte[capacity];
    }

    public ByteText clear() {
        length = 0;
        return this;
    }

    /** Cuts off all behind a length. */
    public ByteText cutTo(int shorter) {
        length = shorter;
        return this;
    }

    public ByteText add(byte[] more) {
        return add(more, 0, more.length);
    }

    public ByteText add(byte[] more, int from, int count) {
        ensure(count);
        System.arraycopy(more, from, bytes, length, count);
        length += count;
        return this;
    }

    public ByteText add(char ascii) {
        ensure(1);
        bytes[length++] = (byte) ascii;
        return this;
    }

    /** The decimal digits of a number that is not negative. */
    public ByteText add(long number) {
        ensure(MOST_DIGITS);
        int end = length + digits(number);
        long left = number;
        for (int at = end - 1; at >= length; at--) {
            bytes[at] = (byte) ('0' + left % 10);
            left /= 10;
        }
        length = end;
        return this;
    }

    /** How many digits a number has that is not negative. */
    static int digits(long number) {
        int count = 1;
        for (long left = number; left >= 10; left /= 10) {
            count++;
        }
        return count;
    }

    private void ensure(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, more), bytes.length * 2));
        }
    }

    public int length() {
        return length;
    }

    /** The array itself, of which {@link #length} bytes count. */
    byte[] array() {
        return bytes;
    }

    /** A copy. */
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }
}
