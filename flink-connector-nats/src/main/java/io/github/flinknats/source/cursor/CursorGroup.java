// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.client.Failures;
import io.github.flinknats.client.NatsFailure;
import io.github.flinknats.source.config.ReadSettings;
import io.github.flinknats.source.split.NatsSplit;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/** The cursors of one reader, over one connection that is opened with the first of them. */
@Internal
@OwnedBy(ThreadRole.FETCHER)
public final class CursorGroup implements AutoCloseable {
    /** How often cursors look at the clock when nothing arrives. */
    private static final long TICK_MILLIS = 100;

    private final ConnectionSettings connection;
    private final CursorSettings settings;
    private final Inbox inbox = new Inbox();
    private final Link link;
    private final Map<String, StreamCursor> cursors = new LinkedHashMap<>();
    private boolean connected;
    private @Nullable NatsFailure refused;

    public CursorGroup(ConnectionSettings connection, ReadSettings read) {
        this(connection, read, CursorListener.NONE);
    }

    public CursorGroup(ConnectionSettings connection, ReadSettings read, CursorListener listener) {
        this.connection = connection;
        this.settings = CursorSettings.of(read, connection.timeouts());
        this.link = new Link(connection, inbox, new LinkEvents(), listener);
    }

    public void add(NatsSplit split) {
        CursorFailures failures = new CursorFailures(Failures.at(connection), split);
        PullCursor core = new PullCursor(split, settings, failures);
        StreamCursor cursor = new StreamCursor(core, settings, link, inbox);
        cursors.put(split.splitId(), cursor);
        if (connected) {
            cursor.onUp(Clock.millis());
        }
    }

    public void remove(String splitId) {
        StreamCursor cursor = cursors.remove(splitId);
        if (cursor != null) {
            cursor.close();
        }
    }

    public void setPaused(String splitId, boolean paused) {
        StreamCursor cursor = cursors.get(splitId);
        if (cursor != null) {
            cursor.setPaused(paused);
        }
    }

    public Collection<StreamCursor> cursors() {
        return Collections.unmodifiableCollection(cursors.values());
    }

    /**
     * Waits until there is something to take or to finish, or until woken.
     *
     * @throws NatsFailure when a cursor gives up
     */
    public void await() throws InterruptedException {
        boolean woken = step(0);
        while (!woken && !anyReady()) {
            woken = step(TICK_MILLIS);
        }
    }

    private boolean step(long maxWait) throws InterruptedException {
        boolean woken = inbox.drain(maxWait);
        if (refused != null) {
            throw refused;
        }
        long now = Clock.millis();
        for (StreamCursor cursor : cursors.values()) {
            link.ensureConnected(cursor.split().stream().name(), now);
            cursor.work(now);
        }
        return woken;
    }

    private boolean anyReady() {
        for (StreamCursor cursor : cursors.values()) {
            if (cursor.isReady()) {
                return true;
            }
        }
        return false;
    }

    /** Makes {@link #await} return. Any thread. */
    public void wakeUp() {
        inbox.wakeUp();
    }

    @Override
    public void close() {
        cursors.values().forEach(StreamCursor::close);
        cursors.clear();
        link.close();
    }

    private final class LinkEvents implements Link.Owner {
        @Override
        public void onUp() {
            connected = true;
            long now = Clock.millis();
            cursors.values().forEach(cursor -> cursor.onUp(now));
        }

        @Override
        public void onDown(String reason, @Nullable NatsFailure cause) {
            connected = false;
            long now = Clock.millis();
            cursors.values().forEach(cursor -> cursor.onDown(reason, cause, now));
        }

        @Override
        public void onRefused(NatsFailure failure) {
            refused = failure;
        }
    }
}
