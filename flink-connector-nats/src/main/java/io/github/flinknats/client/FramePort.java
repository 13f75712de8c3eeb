// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.nats.client.ErrorListener;
import io.nats.client.Options;
import io.nats.client.impl.SocketDataPortWithWriteTimeout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * The client's connection to a server, with the messages of some subscriptions taken out of what is
 * read, and {@link Parcel}s opened in what is written. Logins, TLS, reconnecting, pings and
 * everything else stay the client's, which makes one of these for every connection, by the name of
 * the class.
 */
@Internal
@OwnedBy(ThreadRole.NATS)
public final class FramePort extends SocketDataPortWithWriteTimeout {
    /** A message for nobody: subscriptions are counted from 1. */
    private static final byte[] SIGN_OF_LIFE =
            "MSG _ 0 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final long SIGN_INTERVAL_NANOS = 500_000_000L;

    private @Nullable RoutesHolder holder;
    private @Nullable FrameSubscriptions subscriptions;
    private @Nullable FrameReader reader;
    private long signedAt = System.nanoTime();

    /** What the options of a client lead to. */
    interface RoutesHolder {
        FrameRoutes routes();

        /** Nothing more can be read. The client keeps that to itself while it connects. */
        void broken(IOException problem);
    }

    /** Whether the client can make one of these: it looks for the class by its own class loader. */
    static boolean isVisibleToClient() {
        try {
            ClassLoader clients = Options.class.getClassLoader();
            return Class.forName(FramePort.class.getName(), false, clients) == FramePort.class;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    @Override
    public void afterConstruct(Options options) {
        super.afterConstruct(options);
        ErrorListener listener = options.getErrorListener();
        if (listener instanceof RoutesHolder) {
            holder = (RoutesHolder) listener;
            FrameSubscriptions known = new FrameSubscriptions(holder.routes());
            subscriptions = known;
            reader = new FrameReader(known);
        }
    }

    @Override
    public void write(byte[] src, int toWrite) throws IOException {
        FrameSubscriptions known = subscriptions;
        int left;
        try {
            left = known == null ? toWrite : known.onWrite(src, toWrite);
        } catch (RuntimeException e) {
            throw new IOException("Cannot understand what the client sends", e);
        }
        super.write(src, left);
    }

    /** Returns 0 when there is nothing for the client, which then looks whether it should stop. */
    @Override
    public int read(byte[] dst, int off, int len) throws IOException {
        FrameReader frames = reader;
        if (frames == null) {
            return super.read(dst, off, len);
        }
        int begun = frames.putBack(dst, off);
        int count = readMore(dst, off + begun, len - begun);
        if (count < 0) {
            return count;
        }
        int left;
        boolean any;
        try {
            left = frames.take(dst, off, off + begun + count) - off;
        } catch (RuntimeException e) {
            throw new IOException("Cannot take in what the server sent", e);
        } finally {
            any = frames.readDone();
        }
        return left == 0 && any ? signOfLife(dst, off) : left;
    }

    private int readMore(byte[] dst, int off, int len) throws IOException {
        try {
            return super.read(dst, off, len);
        } catch (IOException e) {
            if (holder != null) {
                holder.broken(e);
            }
            throw e;
        }
    }

    /**
     * The client pings a server that sends nothing, and gives it up when answers fail to come. It
     * must see that the server does send, or on a slow line the answers would queue up behind the
     * messages for too long.
     */
    private int signOfLife(byte[] dst, int off) {
        long now = System.nanoTime();
        if (now - signedAt < SIGN_INTERVAL_NANOS) {
            return 0;
        }
        signedAt = now;
        System.arraycopy(SIGN_OF_LIFE, 0, dst, off, SIGN_OF_LIFE.length);
        return SIGN_OF_LIFE.length;
    }
}
