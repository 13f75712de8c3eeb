// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.client.DurableFailures;
import io.github.flinknats.client.Failures;
import io.github.flinknats.client.NatsFailure;
import io.github.flinknats.source.config.DurableConsumer;
import io.github.flinknats.source.config.ReadPlan;
import io.github.flinknats.source.config.ReadSettings;
import io.github.flinknats.source.split.DurableProgress;
import io.github.flinknats.source.split.NatsSplit;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The cursors of one reader, over one connection that is opened with the first of them. */
@Internal
@OwnedBy(ThreadRole.FETCHER)
public final class CursorGroup implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CursorGroup.class);

    /** How often cursors look at the clock when nothing arrives. */
    private static final long TICK_MILLIS = 100;

    /** How long closing waits for acknowledgements; what is then missing is in Flink's state. */
    private static final long SETTLE_MILLIS = 2_000;

    private final ConnectionSettings connection;
    private final CursorSettings settings;
    private final Inbox inbox = new Inbox();
    private final Link link;
    private final Acks acks;
    private final @Nullable String durable;
    private final Map<String, SplitCursor> cursors = new LinkedHashMap<>();
    private boolean connected;
    private @Nullable NatsFailure refused;

    public CursorGroup(ConnectionSettings connection, ReadSettings read) {
        this.connection = connection;
        this.acks = new Acks();
        this.durable = null;
        this.settings = CursorSettings.of(read, connection.timeouts());
        this.link = new Link(connection, inbox, new LinkEvents(), CursorListener.NONE);
    }

    /**
     * Cursors of which one may acknowledge what the task thread releases.
     *
     * @param plan names the durable consumer that splits must be read through, if there is one, and
     *     what is wanted of them
     * @param read the settings of this one reader
     */
    public CursorGroup(
            ConnectionSettings connection,
            ReadPlan plan,
            ReadSettings read,
            CursorListener listener,
            Acks acks) {
        DurableConsumer consumer = plan.start().consumer();
        this.connection = connection;
        this.acks = acks;
        this.durable = consumer == null ? null : consumer.name();
        this.settings =
                CursorSettings.of(read, connection.timeouts()).withNarrowing(plan.narrowing());
        this.link = new Link(connection, inbox, new LinkEvents(), listener);
    }

    /**
     * Starts to read a split.
     *
     * @throws NatsFailure when it was read in another way, before the restart, than is wanted now
     */
    public void add(NatsSplit split) {
        checkWay(split);
        CursorFailures failures = new CursorFailures(Failures.at(connection), split);
        SplitCursor cursor =
                split.durable() == null
                        ? new StreamCursor(
                                new PullCursor(split, settings, failures), settings, link, inbox)
                        : DurableReading.start(
                                new DurableCursor(
                                        split, settings, failures, durableFailures(split)),
                                split,
                                settings,
                                new DurableReading.Reader(link, inbox, acks));
        cursors.put(split.splitId(), cursor);
        if (connected) {
            cursor.onUp(Clock.millis());
        }
    }

    private void checkWay(NatsSplit split) {
        DurableProgress progress = split.durable();
        String before = progress == null ? null : progress.consumer();
        if (!Objects.equals(before, durable)) {
            throw Failures.at(connection)
                    .durable(split.stream().name(), durable == null ? "(none)" : durable)
                    .otherState(
                            before == null
                                    ? "a table without a durable consumer"
                                    : "durable consumer " + before);
        }
    }

    private DurableFailures durableFailures(NatsSplit split) {
        return Failures.at(connection).durable(split.stream().name(), String.valueOf(durable));
    }

    public void remove(String splitId) {
        SplitCursor cursor = cursors.remove(splitId);
        if (cursor != null) {
            cursor.close();
        }
    }

    public void setPaused(String splitId, boolean paused) {
        SplitCursor cursor = cursors.get(splitId);
        if (cursor != null) {
            cursor.setPaused(paused);
        }
    }

    public Collection<SplitCursor> cursors() {
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
        for (SplitCursor cursor : cursors.values()) {
            link.ensureConnected(cursor.split().stream().name(), now);
            cursor.work(now);
        }
        return woken;
    }

    private boolean anyReady() {
        for (SplitCursor cursor : cursors.values()) {
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
        settle();
        cursors.values().forEach(SplitCursor::close);
        cursors.clear();
        link.close();
    }

    /** Gives acknowledgements of the last checkpoint a moment: Flink may not restore the job. */
    private void settle() {
        long deadline = Clock.millis() + SETTLE_MILLIS;
        try {
            while (cursors.values().stream().anyMatch(SplitCursor::isUnsettled)
                    && Clock.millis() < deadline) {
                step(TICK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (NatsFailure e) {
            LOG.debug("Closing with acknowledgements that were not confirmed", e);
        }
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
