// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import java.util.ArrayList;
import java.util.List;

/** A stream of a simulated server: messages that match the reader's filter or do not. */
final class ModelStream {
    private final List<Entry> entries = new ArrayList<>();
    private long first = 1;
    private int generation = 1;
    private int epoch;
    private long stamps;
    private boolean wasEmpty;

    /** Starts with sequences that were given and are gone. */
    ModelStream(long gone) {
        for (long i = 0; i < gone; i++) {
            add(false, 0);
            entries.get((int) i).deleted = true;
        }
        first = gone + 1;
    }

    void add(boolean matches, long bytes) {
        entries.add(new Entry(matches, bytes, ++stamps));
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
        wasEmpty |= first > last();
    }

    /** Everything before the sequence expires. */
    void expireBefore(long sequence) {
        for (long s = first; s < sequence && s <= last(); s++) {
            entry(s).expired |= entry(s).isThere();
            entry(s).deleted = true;
        }
        first = Math.max(first, Math.min(sequence, last() + 1));
        wasEmpty |= first > last();
    }

    /** Deleted and made again: its sequences start anew. */
    void makeAgain() {
        entries.clear();
        first = 1;
        generation++;
        epoch++;
    }

    /** Loses its tail: the sequences behind are given again. */
    void setBack(long last) {
        entries.subList((int) last, entries.size()).clear();
        first = Math.min(first, last + 1);
        epoch++;
    }

    /** Whether everything was gone at some time. */
    boolean wasEmpty() {
        return wasEmpty;
    }

    int generation() {
        return generation;
    }

    /** Counts how often it has become another stream. */
    int epoch() {
        return epoch;
    }

    /** When the message was stored: no two are the same, and they rise. */
    long stamp(long sequence) {
        return entry(sequence).stamp;
    }

    /** The first message stored after the stamp, one past the last when there is none. */
    long firstAfter(long stamp) {
        long s = first;
        while (s <= last() && (entry(s).deleted || entry(s).stamp <= stamp)) {
            s++;
        }
        return s;
    }

    /** Whether the message has left by the head of the stream, and matches. */
    boolean hasExpired(long sequence) {
        return sequence >= 1 && sequence <= last() && entry(sequence).expired;
    }

    /** Whether the message is gone, and matches. */
    boolean isGone(long sequence) {
        Entry entry = entry(sequence);
        return entry.matches && entry.deleted;
    }

    boolean isDeleted(long sequence) {
        return entry(sequence).deleted;
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
        private final long stamp;
        private boolean deleted;
        private boolean expired;

        Entry(boolean matches, long bytes, long stamp) {
            this.matches = matches;
            this.bytes = bytes;
            this.stamp = stamp;
        }

        boolean isThere() {
            return matches && !deleted;
        }
    }
}
