// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import java.util.ArrayList;
import java.util.List;

/** A stream of a simulated server: messages that match the reader's filter or do not. */
final class ModelStream {
    private final List<Entry> entries = new ArrayList<>();
    private long first = 1;

    /** Starts with sequences that were given and are gone. */
    ModelStream(long gone) {
        for (long i = 0; i < gone; i++) {
            add(false, 0);
            entries.get((int) i).deleted = true;
        }
        first = gone + 1;
    }

    void add(boolean matches, long bytes) {
        entries.add(new Entry(matches, bytes));
    }

    long first() {
        return first;
    }

    long last() {
        return entries.size();
    }

    /** Deletes one message; the first one left becomes the stream's first. */
    void delete(long sequence) {
        entry(sequence).deleted = true;
        while (first <= last() && entry(first).deleted) {
            first++;
        }
    }

    /** Everything before the sequence expires. */
    void expireBefore(long sequence) {
        for (long s = first; s < sequence && s <= last(); s++) {
            entry(s).deleted = true;
        }
        first = Math.max(first, Math.min(sequence, last() + 1));
    }

    /** Whether the message is there and matches. */
    boolean has(long sequence) {
        return sequence >= 1 && sequence <= last() && entry(sequence).isThere();
    }

    long bytes(long sequence) {
        return entry(sequence).bytes;
    }

    /** The first matching message from the sequence on, 0 when there is none. */
    long nextFrom(long sequence) {
        for (long s = Math.max(first, sequence); s <= last(); s++) {
            if (entry(s).isThere()) {
                return s;
            }
        }
        return 0;
    }

    /** How many messages match from the sequence on. */
    long countFrom(long sequence) {
        long count = 0;
        for (long s = Math.max(first, sequence); s <= last(); s++) {
            if (entry(s).isThere()) {
                count++;
            }
        }
        return count;
    }

    private Entry entry(long sequence) {
        return entries.get((int) (sequence - 1));
    }

    private static final class Entry {
        private final boolean matches;
        private final long bytes;
        private boolean deleted;

        Entry(boolean matches, long bytes) {
            this.matches = matches;
            this.bytes = bytes;
        }

        boolean isThere() {
            return matches && !deleted;
        }
    }
}
