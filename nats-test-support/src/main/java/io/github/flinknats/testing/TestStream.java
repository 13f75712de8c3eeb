// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.testing;

import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamOptions;
import io.nats.client.PublishOptions;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.PublishAck;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A stream of one test, with a name and subjects no other test has. It works over the fixture's own
 * connection, so a test that looks at connections does not see it.
 */
public final class TestStream {

    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(20);

    /** Unanswered publishes of {@link #publishMany}. */
    private static final int WINDOW = 1_000;

    private static final int MESSAGE_NOT_FOUND = 10037;
    private static final int STREAM_NOT_FOUND = 10059;
    private static final int WRONG_STREAM = 10060;
    private static final AtomicInteger COUNTER = new AtomicInteger();

    private final ControlConnection control;
    private final JetStream jetStream;
    private final JetStreamManagement management;
    private final String name;
    private final String prefix;
    private final Set<String> ownConsumers = ConcurrentHashMap.newKeySet();

    private TestStream(ControlConnection control, Consumer<StreamConfiguration.Builder> customizer)
            throws IOException, JetStreamApiException {
        this.control = control;
        JetStreamOptions options =
                JetStreamOptions.builder().requestTimeout(REQUEST_TIMEOUT).build();
        this.jetStream = control.get().jetStream(options);
        this.management = control.get().jetStreamManagement(options);
        int number = COUNTER.incrementAndGet();
        this.prefix = "t" + number;
        StreamConfiguration.Builder builder =
                StreamConfiguration.builder()
                        .name("T" + number)
                        .subjects(subjects())
                        .storageType(StorageType.File);
        customizer.accept(builder);
        StreamConfiguration configuration = builder.build();
        this.name = configuration.getName();
        management.addStream(configuration);
        control.add(this);
    }

    /** A file stream of the subjects {@code <prefix>.>}. */
    public static TestStream create(NatsServer server) {
        return create(server, builder -> {});
    }

    /** A stream of another configuration: what the customizer does not set stays as above. */
    public static TestStream create(
            NatsServer server, Consumer<StreamConfiguration.Builder> customizer) {
        return create(server.control(), customizer);
    }

    static TestStream create(
            ControlConnection control, Consumer<StreamConfiguration.Builder> customizer) {
        try {
            return new TestStream(control, customizer);
        } catch (IOException | JetStreamApiException e) {
            throw new AssertionError("cannot create the stream", e);
        }
    }

    public String name() {
        return name;
    }

    /** First token of this stream's subjects. */
    public String prefix() {
        return prefix;
    }

    /** The subject {@code <prefix>.<suffix>}. */
    public String subject(String suffix) {
        return prefix + "." + suffix;
    }

    /** All subjects of this test: {@code <prefix>.>}. */
    public String subjects() {
        return prefix + ".>";
    }

    // ---- writing -----------------------------------------------------------------------------

    /** Publishes and waits for the acknowledgement; returns the sequence in the stream. */
    public long publish(String suffix, String payload) {
        return publish(suffix, payload.getBytes(StandardCharsets.UTF_8));
    }

    public long publish(String suffix, byte[] payload) {
        return publish(suffix, null, payload);
    }

    public long publish(String suffix, @Nullable Headers headers, String payload) {
        return publish(suffix, headers, payload.getBytes(StandardCharsets.UTF_8));
    }

    public long publish(String suffix, @Nullable Headers headers, byte[] payload) {
        return send(subject(suffix), headers, payload);
    }

    /** Publishes to a whole subject: for streams of other subjects. */
    public long publishTo(String subject, String payload) {
        return send(subject, null, payload.getBytes(StandardCharsets.UTF_8));
    }

    /** As above, with headers. */
    public long publishTo(String subject, @Nullable Headers headers, byte[] payload) {
        return send(subject, headers, payload);
    }

    /** Publishes payloads number from (inclusive) to to (exclusive), in order, and waits. */
    public void publishMany(String suffix, int from, int to, IntFunction<String> payload) {
        publishMany(number -> suffix, from, to, payload);
    }

    /** As above, each message to a subject of its own. */
    public void publishMany(
            IntFunction<String> suffix, int from, int to, IntFunction<String> payload) {
        Queue<CompletableFuture<PublishAck>> waiting = new ArrayDeque<>();
        for (int number = from; number < to; number++) {
            byte[] bytes = payload.apply(number).getBytes(StandardCharsets.UTF_8);
            waiting.add(
                    jetStream.publishAsync(message(subject(suffix.apply(number)), null, bytes)));
            if (waiting.size() >= WINDOW) {
                acknowledged(waiting.remove());
            }
        }
        waiting.forEach(TestStream::acknowledged);
    }

    /**
     * Whether a publish reaches the stream: the nodes of a cluster hear of its subjects one after
     * the other. Asks with a message that the stream refuses, so nothing is stored.
     */
    boolean takesMessages() throws IOException {
        String subject =
                info().getConfiguration().getSubjects().get(0).replace('*', 'x').replace('>', 'x');
        PublishOptions refused = PublishOptions.builder().expectedStream("NONE").build();
        try {
            jetStream.publish(subject, new byte[0], refused);
            throw new AssertionError("a message for another stream was stored in " + name);
        } catch (JetStreamApiException e) {
            return e.getApiErrorCode() == WRONG_STREAM;
        }
    }

    public void purge() {
        call("purge " + name, () -> management.purgeStream(name));
    }

    public void deleteMessage(long sequence) {
        call("delete message " + sequence, () -> management.deleteMessage(name, sequence));
    }

    /** Deletes the stream; does nothing if it is gone already. */
    public void delete() {
        control.remove(this);
        call(
                "delete " + name,
                () -> {
                    try {
                        return management.deleteStream(name);
                    } catch (JetStreamApiException e) {
                        if (e.getApiErrorCode() == STREAM_NOT_FOUND) {
                            return false;
                        }
                        throw e;
                    }
                });
    }

    // ---- reading -----------------------------------------------------------------------------

    public StreamInfo info() {
        return call("read the info of " + name, () -> management.getStreamInfo(name));
    }

    public long lastSequence() {
        return info().getStreamState().getLastSequence();
    }

    /** All messages in the stream, in order, one request each: for small streams. */
    public List<MessageInfo> messages() {
        List<MessageInfo> messages = new ArrayList<>();
        Optional<MessageInfo> next = next(1);
        while (next.isPresent()) {
            messages.add(next.get());
            next = next(next.get().getSeq() + 1);
        }
        return messages;
    }

    /** The payloads of {@link #messages()} as text. */
    public List<String> payloads() {
        List<String> payloads = new ArrayList<>();
        for (MessageInfo message : messages()) {
            byte[] data = message.getData();
            payloads.add(data == null ? "" : new String(data, StandardCharsets.UTF_8));
        }
        return payloads;
    }

    private Optional<MessageInfo> next(long sequence) {
        return call(
                "read message " + sequence + " of " + name,
                () -> {
                    try {
                        return Optional.of(management.getNextMessage(name, sequence, ">"));
                    } catch (JetStreamApiException e) {
                        if (e.getApiErrorCode() == MESSAGE_NOT_FOUND) {
                            return Optional.empty();
                        }
                        throw e;
                    }
                });
    }

    // ---- consumers ---------------------------------------------------------------------------

    /** For everything else. A consumer made here must be announced by {@link #keepConsumer}. */
    public JetStreamManagement management() {
        return management;
    }

    /** Makes a consumer that belongs to the test, so the leak check does not complain of it. */
    public ConsumerInfo addConsumer(ConsumerConfiguration configuration) {
        ConsumerInfo info =
                call(
                        "create a consumer on " + name,
                        () -> management.addOrUpdateConsumer(name, configuration));
        keepConsumer(info.getName());
        return info;
    }

    /** Tells the leak check that this consumer is meant to be there when the test ends. */
    public void keepConsumer(String consumer) {
        ownConsumers.add(consumer);
    }

    boolean keeps(String consumer) {
        return ownConsumers.contains(consumer);
    }

    // ---- plumbing ----------------------------------------------------------------------------

    private long send(String subject, @Nullable Headers headers, byte[] payload) {
        return call(
                "publish to " + subject,
                () -> jetStream.publish(message(subject, headers, payload)).getSeqno());
    }

    private static NatsMessage message(String subject, @Nullable Headers headers, byte[] payload) {
        return NatsMessage.builder().subject(subject).headers(headers).data(payload).build();
    }

    private static void acknowledged(CompletableFuture<PublishAck> ack) {
        call("get acknowledged", () -> ack.get(REQUEST_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS));
    }

    private interface Call<T> {
        T run()
                throws IOException,
                        JetStreamApiException,
                        ExecutionException,
                        TimeoutException,
                        InterruptedException;
    }

    private static <T> T call(String what, Call<T> call) {
        try {
            return call.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted, cannot " + what, e);
        } catch (IOException | JetStreamApiException | ExecutionException | TimeoutException e) {
            throw new AssertionError("cannot " + what, e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
