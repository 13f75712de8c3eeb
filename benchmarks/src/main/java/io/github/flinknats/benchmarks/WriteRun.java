// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.benchmarks;

import io.github.flinknats.testing.TestStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One writing of messages into an empty stream: makes them, and measures from the first one made to
 * the last one stored, so that starting and ending a job do not count. There is one at a time,
 * which a serializer in a job of this process finds by {@link #current()}.
 */
public final class WriteRun {
    private static final AtomicReference<@Nullable WriteRun> CURRENT = new AtomicReference<>();
    private static final int BYTES = 186;
    private static final int KINDS = 1_024;
    private static final byte[][] PAYLOADS = new byte[KINDS][];

    static {
        for (int i = 0; i < KINDS; i++) {
            String head = "{\"id\":" + i + ",\"region\":\"eu\",\"amount\":" + i + ".25,\"note\":\"";
            char[] pad = new char[BYTES - head.length() - 2];
            Arrays.fill(pad, 'x');
            PAYLOADS[i] = (head + new String(pad) + "\"}").getBytes(StandardCharsets.UTF_8);
        }
    }

    private final String url;
    private final TestStream stream;
    private final long messages;
    private final CountDownLatch made = new CountDownLatch(1);
    private final int rate;
    private volatile LongSupplier stored;
    private volatile long startNanos;
    private volatile @Nullable CpuClock startCpu;

    /**
     * A run.
     *
     * @param rate messages per second; 0 for as many as possible
     */
    WriteRun(String url, TestStream stream, long messages, int rate) {
        this.rate = rate;
        this.stored = stream::lastSequence;
        this.url = url;
        this.stream = stream;
        this.messages = messages;
        CURRENT.set(this);
    }

    public static WriteRun current() {
        WriteRun run = CURRENT.get();
        if (run == null) {
            throw new IllegalStateException("nothing is measured");
        }
        return run;
    }

    public String url() {
        return url;
    }

    public String subject() {
        return stream.subject("orders");
    }

    public long messages() {
        return messages;
    }

    /** Says how many messages are stored, where they do not go into the stream of the run. */
    public void countBy(LongSupplier count) {
        stored = count;
    }

    /** A new array, as a format would make it. Numbers run from 0 on. */
    public byte[] payload(long number) {
        if (number == 0) {
            startCpu = CpuClock.now();
            startNanos = System.nanoTime();
        }
        if (rate > 0 && number % 50 == 0) {
            long due = startNanos + (long) (number * 1e9 / rate);
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
        }
        if (number == messages - 1) {
            made.countDown();
        }
        return PAYLOADS[(int) (number & (KINDS - 1))].clone();
    }

    /**
     * Waits until all is stored.
     *
     * @return messages per second, and the CPU of client and server for each, in microseconds
     */
    double[] result(Future<?> writing) throws InterruptedException, ExecutionException {
        while (!made.await(100, TimeUnit.MILLISECONDS)) {
            check(writing);
        }
        while (stored.getAsLong() < messages) {
            check(writing);
            TimeUnit.MILLISECONDS.sleep(3);
        }
        long end = System.nanoTime();
        CpuClock cpu = CpuClock.now();
        CpuClock before = startCpu;
        if (before == null) {
            throw new IllegalStateException("nothing was made");
        }
        return new double[] {
            messages * 1e9 / (end - startNanos),
            cpu.clientMicrosSince(before, messages),
            cpu.serverMicrosSince(before, messages)
        };
    }

    private void check(Future<?> writing) throws InterruptedException, ExecutionException {
        if (writing.isDone()) {
            writing.get();
            if (stored.getAsLong() < messages) {
                throw new IllegalStateException("only " + stored.getAsLong() + " are stored");
            }
        }
    }
}
