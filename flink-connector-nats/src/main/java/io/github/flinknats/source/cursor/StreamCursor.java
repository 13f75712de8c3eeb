// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.NatsClient;
import io.github.flinknats.client.NatsFailure;
import io.github.flinknats.client.ReplySubject;
import io.github.flinknats.record.HeaderBlock;
import io.github.flinknats.source.split.NatsSplit;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one split: obeys a {@link PullCursor} and collects what it lets through into batches. Each
 * consumer has a subscription of its own, so nothing of an old one can be taken for the current.
 */
@Internal
@OwnedBy(ThreadRole.FETCHER)
public final class StreamCursor extends SplitCursor {
    private static final Logger LOG = LoggerFactory.getLogger(StreamCursor.class);

    private final NatsSplit split;
    private final CursorSettings settings;
    private final PullCursor core;
    private final Link link;
    private final Inbox inbox;

    private final ReplySubject reply = new ReplySubject();
    private final SubjectGuard guard;
    private List<String> filters;
    private final ArrayDeque<MessageBatch> ready = new ArrayDeque<>();
    private MessageBatch filling;
    private @Nullable PullConsumer consumer;
    private long skip;
    private int unwanted;
    private boolean ended;
    private boolean paused;

    StreamCursor(PullCursor core, CursorSettings settings, Link link, Inbox inbox) {
        this.split = core.split();
        this.settings = settings;
        this.core = core;
        this.link = link;
        this.inbox = inbox;
        this.guard = new SubjectGuard(split.filters(), settings.narrowing());
        this.filters = split.filters();
        this.filling = newBatch(null);
    }

    private MessageBatch newBatch(@Nullable NatsSplit moved) {
        return new MessageBatch(
                split.stream().name(), settings.batchMessages(), settings.batchBytes(), moved);
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
        dropConsumer();
        core.onDisconnected(reason, cause, now);
    }

    /**
     * Does what the core wants. To be called after everything that arrived has been handed out.
     *
     * @throws NatsFailure when the core gives up
     */
    @Override
    void work(long now) {
        CursorCommand command = core.poll(now);
        while (command != null) {
            obey(command);
            command = core.poll(now);
        }
    }

    private void obey(CursorCommand command) {
        switch (command.kind()) {
            case INSPECT:
                inspect(command);
                return;
            case OPEN:
            case SNAPSHOT:
                open(command);
                return;
            case LOST:
                lost(command.loss());
                return;
            case PULL:
                pull(command);
                return;
            case SKIP:
                skip = command.sequence();
                return;
            case END:
                dropConsumer();
                ended = true;
                return;
            case FAIL:
                dropConsumer();
                throw command.failure();
        }
        throw new IllegalStateException("Unknown command " + command);
    }

    private void inspect(CursorCommand command) {
        if (!core.trouble().isEmpty()) {
            LOG.debug("{}: {}", core, core.trouble());
        }
        NatsClient client = link.client();
        if (client != null) {
            if (consumer != null) {
                consumer.checkAllowed();
            }
            int number = command.number();
            answer(
                    number,
                    Inspector.inspect(client.streams(), split, command.known()),
                    seen -> {
                        filters = guard.needed(seen.facts());
                        core.onStream(number, seen, Clock.millis());
                    });
        }
    }

    private void lost(Loss loss) {
        LOG.warn(
                "Messages were lost, and reading goes on at sequence {}. {}",
                loss.available(),
                loss.failure().sentence());
        link.listener().onDataLoss(split.splitId(), loss.wanted(), loss.available());
        if (loss.moved() != null) {
            skip = 0;
            if (!filling.isEmpty()) {
                ready.add(filling);
            }
            filling = newBatch(loss.moved());
        }
    }

    private void open(CursorCommand command) {
        dropConsumer();
        NatsClient client = link.client();
        Dispatcher dispatcher = link.dispatcher();
        if (client == null || dispatcher == null) {
            return; // The core notices that no answer comes.
        }
        PullConsumer made = new PullConsumer(client, split);
        consumer = made;
        Incoming incoming = new Incoming(made);
        made.listen(
                dispatcher,
                message -> inbox.deliver(incoming, message),
                new FrameIntake(inbox, incoming));
        CompletableFuture<Long> waiting = made.make(command, filters);
        answer(
                command.number(),
                waiting.thenCompose(count -> client.streams().info(split.stream().name())),
                stream -> {
                    link.listener().onConsumer(split.splitId());
                    core.onOpened(
                            command.number(), stream.identity(), waiting.join(), Clock.millis());
                });
    }

    private <T> void answer(int number, CompletableFuture<T> request, Consumer<T> onAnswer) {
        CompletableFuture<?> unused =
                request.whenComplete(
                        (value, error) ->
                                inbox.post(
                                        () -> {
                                            if (error == null) {
                                                onAnswer.accept(value);
                                            } else {
                                                core.onRequestFailed(
                                                        number, failure(error), Clock.millis());
                                            }
                                        }));
    }

    private static NatsFailure failure(Throwable error) {
        Throwable cause = error instanceof CompletionException ? error.getCause() : error;
        if (cause instanceof NatsFailure) {
            return (NatsFailure) cause;
        }
        throw new IllegalStateException("A NATS request failed unexpectedly", cause);
    }

    private void pull(CursorCommand command) {
        PullConsumer current = consumer;
        if (current != null) {
            current.pull(command, settings);
        }
    }

    private void dropConsumer() {
        PullConsumer old = consumer;
        consumer = null;
        if (old != null) {
            link.dispose(old);
        }
    }

    @Override
    void close() {
        dropConsumer();
    }

    // ------------------------------------------------------------------ for the reader

    /** Messages to hand over now, or null. They count as handed over. */
    @Override
    public @Nullable MessageBatch take() {
        if (paused || core.isInDoubt()) {
            return null;
        }
        MessageBatch batch = ready.poll();
        if (batch == null) {
            if (filling.isEmpty()) {
                return null;
            }
            batch = filling;
            filling = newBatch(null);
        }
        core.onHandedOver(batch.size(), batch.bytes());
        return batch;
    }

    /** How many messages stand behind those that were taken: here, and on the server. */
    @Override
    public long behind() {
        long here = filling.size();
        for (MessageBatch batch : ready) {
            here += batch.size();
        }
        return here + core.pending();
    }

    /**
     * The next sequence that may be wanted, when it has moved without a message, else 0. Given out
     * only behind everything that stands before it, or a checkpoint could pass over messages.
     */
    @Override
    public long takeSkip() {
        if (!isEmpty() || core.isInDoubt()) {
            return 0;
        }
        long sequence = skip;
        skip = 0;
        return sequence;
    }

    /** Whether the reader has something to take. */
    @Override
    boolean isReady() {
        boolean held = core.isInDoubt();
        return isEmpty() ? ended || (skip > 0 && !held) : !paused && !held;
    }

    private boolean isEmpty() {
        return ready.isEmpty() && filling.isEmpty();
    }

    /** Whether everything has been read and taken. */
    @Override
    public boolean isFinished() {
        return ended && isEmpty();
    }

    /** A paused cursor takes in what it has asked for, and hands nothing over. */
    @Override
    void setPaused(boolean pause) {
        paused = pause;
    }

    private void onDelivery(Delivery delivery, long now) {
        if (!delivery.isPositioned()) {
            onUnpositioned(delivery, now);
        } else if (core.accept(
                delivery.streamSequence(),
                delivery.consumerSequence(),
                delivery.timestampNanos(),
                delivery.pending(),
                delivery.bytes(),
                now)) {
            if (!guard.passes(delivery.subject())) {
                core.onHandedOver(1, delivery.bytes());
                if (++unwanted % settings.batchMessages() == 0) {
                    skip = delivery.streamSequence() + 1; // Or the position might expire.
                }
                return;
            }
            if (filling.isFull()) {
                ready.add(filling);
                filling = newBatch(null);
            }
            filling.add(delivery);
        }
    }

    private void onUnpositioned(Delivery delivery, long now) {
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
            core.onHeartbeat(
                    block.number("Nats-Last-Stream"), block.number("Nats-Last-Consumer"), now);
        } else {
            core.onStatus(
                    PullStatus.of(block, new String(delivery.subject(), StandardCharsets.UTF_8)),
                    now);
        }
    }

    /** What arrives for one consumer: nothing once another one has taken its place. */
    private final class Incoming implements Inbox.Receiver, FrameIntake.Receiver {
        private final PullConsumer from;

        Incoming(PullConsumer from) {
            this.from = from;
        }

        @Override
        public void receive(List<Delivery> deliveries, long now) {
            for (Delivery delivery : deliveries) {
                if (consumer == from) { // What comes before may have ended the consumer.
                    onDelivery(delivery, now);
                }
            }
        }

        @Override
        public void receive(Message message, long now) {
            if (consumer == from) {
                onDelivery(Delivery.of(message, split.stream().name(), reply), now);
            }
        }
    }
}
