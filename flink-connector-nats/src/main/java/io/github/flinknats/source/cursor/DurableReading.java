// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.ConsumerFacts;
import io.github.flinknats.client.NatsClient;
import io.github.flinknats.client.NatsFailure;
import io.github.flinknats.client.ReplySubject;
import io.github.flinknats.client.StreamFacts;
import io.github.flinknats.record.HeaderBlock;
import io.github.flinknats.source.split.DurableProgress;
import io.github.flinknats.source.split.NatsSplit;
import io.github.flinknats.source.split.SequenceSet;
import io.nats.client.Message;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a split through a durable consumer: obeys a {@link DurableCursor} and collects what it lets
 * through into batches. Its messages come off the wire: the client gives a connection up when a
 * message has headers that it cannot read.
 */
@Internal
@OwnedBy(ThreadRole.FETCHER)
final class DurableReading extends SplitCursor implements FrameIntake.Receiver, Inbox.Receiver {
    private static final Logger LOG = LoggerFactory.getLogger(DurableReading.class);

    private final NatsSplit split;
    private final CursorSettings settings;
    private final DurableCursor core;
    private final Reader reader;
    private final String consumerName;

    private final ReplySubject reply = new ReplySubject();
    private final ArrayDeque<MessageBatch> ready = new ArrayDeque<>();
    private MessageBatch filling;
    private @Nullable DurableChannel channel;
    private String ackPrefix;
    private long pending;
    private boolean paused;

    private DurableReading(
            DurableCursor core, NatsSplit split, CursorSettings settings, Reader reader) {
        DurableProgress progress = Objects.requireNonNull(split.durable(), "durable");
        this.core = core;
        this.split = split;
        this.settings = settings;
        this.reader = reader;
        this.consumerName = progress.consumer();
        this.ackPrefix = "$JS.ACK." + split.stream().name() + '.' + consumerName + '.';
        this.filling = newBatch();
    }

    static DurableReading start(
            DurableCursor core, NatsSplit split, CursorSettings settings, Reader reader) {
        reader.acks.wakeBy(() -> reader.inbox.post(() -> {}));
        return new DurableReading(core, split, settings, reader);
    }

    /** What a reader has only one of. */
    static final class Reader {
        private final Link link;
        private final Inbox inbox;
        private final Acks acks;

        Reader(Link link, Inbox inbox, Acks acks) {
            this.link = link;
            this.inbox = inbox;
            this.acks = acks;
        }
    }

    private MessageBatch newBatch() {
        return new MessageBatch(
                split.stream().name(), settings.batchMessages(), settings.batchBytes(), null);
    }

    @Override
    public NatsSplit split() {
        return split;
    }

    // ------------------------------------------------------------------ for the group

    @Override
    void onUp(long now) {
        core.onConnected(now);
    }

    @Override
    void onDown(String reason, @Nullable NatsFailure cause, long now) {
        core.onDisconnected(reason, cause, now);
    }

    @Override
    void work(long now) {
        SequenceSet released = reader.acks.pollReleased();
        while (released != null) {
            core.release(released);
            released = reader.acks.pollReleased();
        }
        DurableCommand command = core.poll(now);
        while (command != null) {
            obey(command);
            command = core.poll(now);
        }
    }

    private void obey(DurableCommand command) {
        DurableChannel current = channel;
        switch (command.kind()) {
            case INSPECT:
                inspect(command.number());
                return;
            case PULL:
                if (current != null) {
                    current.pull(command.pull(), settings);
                }
                return;
            case ACKNOWLEDGE:
                if (current != null) {
                    current.checkAllowed(ackPrefix);
                    current.acknowledge(ackPrefix, command.sequence());
                }
                return;
            case PROGRESS:
                if (current != null) {
                    current.report(ackPrefix, command.sequence());
                }
                return;
            case WARN:
                LOG.warn(
                        "Consumer {} of stream {} delivers no more until the next checkpoint,"
                                + " because {} messages wait for their acknowledgement, which is"
                                + " its 'max_ack_pending'. Raise it, or set a shorter"
                                + " 'execution.checkpointing.interval'. Without checkpoints"
                                + " nothing is ever acknowledged. This is said once.",
                        consumerName,
                        split.stream().name(),
                        command.limit());
                return;
            case FAIL:
                throw command.failure();
        }
        throw new IllegalStateException("Unknown command " + command);
    }

    private void inspect(int number) {
        if (!core.trouble().isEmpty()) {
            LOG.debug("{}: {}", core, core.trouble());
        }
        NatsClient client = reader.link.client();
        if (client == null) {
            return; // The core notices that no answer comes.
        }
        DurableChannel current = channel;
        if (current != null) {
            current.checkAllowed(ackPrefix);
        }
        listen(client);
        String stream = split.stream().name();
        CompletableFuture<StreamFacts> facts = client.streams().info(stream);
        CompletableFuture<?> unused =
                client.streams()
                        .findConsumer(stream, consumerName)
                        .thenCombine(
                                facts,
                                (consumer, about) -> onFacts(number, about, consumer.orElse(null)))
                        .whenComplete(
                                (done, error) -> {
                                    if (error != null) {
                                        onFailed(number, error);
                                    }
                                });
    }

    private boolean onFacts(int number, StreamFacts stream, @Nullable ConsumerFacts consumer) {
        reader.inbox.post(() -> core.onInspected(number, stream, consumer, Clock.millis()));
        return true;
    }

    private void onFailed(int number, Throwable error) {
        Throwable cause = error instanceof CompletionException ? error.getCause() : error;
        reader.inbox.post(
                () -> {
                    if (!(cause instanceof NatsFailure)) {
                        throw new IllegalStateException(
                                "A NATS request failed unexpectedly", cause);
                    }
                    core.onRequestFailed(number, (NatsFailure) cause, Clock.millis());
                });
    }

    /** Listens by this client; what it subscribed stays subscribed when it connects again. */
    private void listen(NatsClient client) {
        if (channel == null || !channel.isOf(client)) {
            channel =
                    DurableChannel.open(
                            client,
                            Objects.requireNonNull(reader.link.dispatcher(), "dispatcher"),
                            split.stream().name(),
                            consumerName,
                            message -> reader.inbox.deliver(this, message),
                            new FrameIntake(reader.inbox, this));
        }
    }

    @Override
    boolean isUnsettled() {
        return core.isUnsettled() || reader.acks.anyReleased();
    }

    @Override
    void close() {
        DurableChannel current = channel;
        channel = null;
        if (current != null) {
            // First, or what is given back would come to pulls that nobody listens to.
            current.close();
            // Or the next reader would have to wait for ack_wait to get it.
            String prefix = ackPrefix;
            core.unreleased()
                    .forEach(
                            (sequence, consumerSequence) ->
                                    current.giveBack(prefix, sequence, consumerSequence));
        }
    }

    // ------------------------------------------------------------------ for the reader

    @Override
    public @Nullable MessageBatch take() {
        if (paused || reader.acks.isBatchWaiting()) {
            return null;
        }
        MessageBatch batch = ready.poll();
        if (batch == null) {
            if (filling.size() == 0) {
                return null;
            }
            batch = filling;
            filling = newBatch();
        }
        core.onHandedOver(batch.size(), batch.bytes());
        reader.acks.onBatchGiven();
        batch.onFirstRead(reader.acks::onBatchTaken);
        return batch;
    }

    @Override
    public long behind() {
        long here = filling.size();
        for (MessageBatch batch : ready) {
            here += batch.size();
        }
        return here + pending;
    }

    /** Never: there is no position that could move without a message. */
    @Override
    public long takeSkip() {
        return 0;
    }

    @Override
    boolean isReady() {
        return !paused && !reader.acks.isBatchWaiting() && (!ready.isEmpty() || filling.size() > 0);
    }

    /** Never: a message may always be delivered again. */
    @Override
    public boolean isFinished() {
        return false;
    }

    @Override
    void setPaused(boolean pause) {
        paused = pause;
    }

    @Override
    public void learn(String prefix) {
        ackPrefix = prefix;
    }

    @Override
    public void receive(List<Delivery> deliveries, long now) {
        deliveries.forEach(delivery -> onDelivery(delivery, now));
    }

    @Override
    public void receive(Message message, long now) {
        Delivery delivery = Delivery.of(message, split.stream().name(), reply);
        if (delivery.isPositioned()) {
            learn(reply.prefix());
        }
        onDelivery(delivery, now);
    }

    private void onDelivery(Delivery delivery, long now) {
        if (!delivery.isPositioned()) {
            onUnpositioned(delivery, now);
            return;
        }
        pending = delivery.pending();
        if (core.accept(
                delivery.streamSequence(), delivery.consumerSequence(), delivery.bytes(), now)) {
            if (filling.isFull()) {
                ready.add(filling);
                filling = newBatch();
            }
            filling.add(delivery);
        }
    }

    private void onUnpositioned(Delivery delivery, long now) {
        String subject = new String(delivery.subject(), StandardCharsets.UTF_8);
        long acknowledged = DurableChannel.acknowledged(subject, channel);
        if (acknowledged > 0) {
            if (core.onConfirmed(acknowledged)) {
                reader.acks.confirm(acknowledged);
            }
            return;
        }
        HeaderBlock block;
        try {
            block = delivery.block();
        } catch (IllegalArgumentException e) {
            LOG.warn("{}: ignored a message whose headers cannot be read", core, e);
            return;
        }
        if (block.code() == 0) {
            LOG.warn("{}: ignored a message without a JetStream reply subject", core);
        } else if (block.isHeartbeat()) {
            core.onHeartbeat(now);
        } else {
            core.onStatus(PullStatus.of(block, subject), now);
        }
    }
}
