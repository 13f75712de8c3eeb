// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import io.nats.client.Connection;
import io.nats.client.JetStreamStatusException;
import io.nats.client.Message;
import io.nats.client.support.Encoding;
import io.nats.client.support.JsonParseException;
import io.nats.client.support.JsonParser;
import io.nats.client.support.JsonValue;
import io.nats.client.support.JsonValueUtils;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.flink.annotation.Internal;

/**
 * Speaks the JetStream API (ADR-1): facts about streams, disposable consumers. Answers arrive on a
 * client thread as futures that fail with {@link NatsFailure} only; {@link #await} is for threads
 * that may block.
 */
@Internal
public final class StreamApi {
    private final Connection connection;
    private final String prefix;
    private final Violations violations;
    private final Failures failures;
    private final Duration timeout;

    StreamApi(
            Connection connection,
            ConnectionSettings settings,
            Violations violations,
            Failures failures) {
        this.connection = connection;
        this.prefix = settings.client().apiPrefix() + '.';
        this.violations = violations;
        this.failures = failures;
        this.timeout = settings.timeouts().request();
    }

    /** What the server knows about a stream. */
    public CompletableFuture<StreamFacts> info(String stream) {
        ApiCall call = new ApiCall(prefix + "STREAM.INFO." + stream, "look up stream " + stream);
        return request(call, "", StreamFacts::parse);
    }

    /** What the server knows about a stream that is to be written to. */
    public CompletableFuture<StreamTarget> target(String stream) {
        ApiCall call = new ApiCall(prefix + "STREAM.INFO." + stream, "look up stream " + stream);
        return request(call, "", StreamTarget::parse);
    }

    /** Names of the streams with a subject that overlaps the filter, all pages. */
    public CompletableFuture<List<String>> namesCarrying(String filter) {
        return namesFrom(filter, new ArrayList<>());
    }

    private CompletableFuture<List<String>> namesFrom(String filter, List<String> found) {
        ApiCall call =
                new ApiCall(prefix + "STREAM.NAMES", "look for streams that carry " + filter);
        String body =
                "{\"offset\":"
                        + found.size()
                        + ",\"subject\":\""
                        + Encoding.jsonEncode(filter)
                        + "\"}";
        return request(call, body, Function.identity())
                .thenCompose(
                        json -> {
                            List<String> page = JsonValueUtils.readStringList(json, "streams");
                            found.addAll(page);
                            long total = JsonValueUtils.readLong(json, "total", 0);
                            return page.isEmpty() || found.size() >= total
                                    ? CompletableFuture.completedFuture(found)
                                    : namesFrom(filter, found);
                        });
    }

    /**
     * Makes a consumer.
     *
     * @return how many messages wait for it: exact, and 0 means that nothing matches
     */
    public CompletableFuture<Long> createConsumer(ConsumerSpec spec) {
        return create(spec).thenApply(json -> JsonValueUtils.readLong(json, "num_pending", 0));
    }

    /**
     * The sequence of the first message stored at or after an instant; one past the last when there
     * is none. Asks by way of a consumer, the only way that servers before 2.11 have.
     */
    public CompletableFuture<Long> sequenceAt(
            String stream, List<String> filters, String consumerName, Instant instant) {
        ConsumerSpec spec = ConsumerSpec.fromTime(stream, consumerName, filters, instant);
        return create(spec)
                .thenCompose(
                        json -> {
                            JsonValue delivered = JsonValueUtils.readObject(json, "delivered");
                            long last = JsonValueUtils.readLong(delivered, "stream_seq", 0);
                            // Deleted before the answer is given, or closing could overtake it;
                            // should that fail, the server forgets the consumer by itself.
                            return deleteConsumer(stream, consumerName)
                                    .handle((done, error) -> last + 1);
                        });
    }

    /** How many messages a consumer would have to read just now: exact. */
    public CompletableFuture<Long> count(ConsumerSpec spec) {
        return createConsumer(spec.asQuestion())
                .thenCompose(
                        waiting ->
                                deleteConsumer(spec.stream(), spec.name())
                                        .handle((done, error) -> waiting));
    }

    /** When a message was stored; empty when the stream does not have it. */
    public CompletableFuture<Optional<Instant>> storedAt(String stream, long sequence) {
        ApiCall call =
                new ApiCall(
                        prefix + "STREAM.MSG.GET." + stream,
                        "look up message " + sequence + " of stream " + stream);
        return request(call, "{\"seq\":" + sequence + "}", StreamApi::storeTime)
                .handle(
                        (time, error) -> {
                            if (error != null && !isMissing(error)) {
                                throw new CompletionException(error);
                            }
                            return Optional.ofNullable(time);
                        });
    }

    private static Instant storeTime(JsonValue json) {
        JsonValue message = JsonValueUtils.readObject(json, "message");
        return OffsetDateTime.parse(JsonValueUtils.readString(message, "time")).toInstant();
    }

    private CompletableFuture<JsonValue> create(ConsumerSpec spec) {
        String filter = spec.filterInSubject();
        String subject =
                prefix
                        + "CONSUMER.CREATE."
                        + spec.stream()
                        + '.'
                        + spec.name()
                        + (filter == null ? "" : '.' + filter);
        return request(
                new ApiCall(subject, "open a consumer of stream " + spec.stream()),
                spec.toJson(),
                Function.identity());
    }

    /** What the server knows about a durable consumer; empty when there is none of that name. */
    public CompletableFuture<Optional<ConsumerFacts>> findConsumer(String stream, String name) {
        ApiCall call =
                new ApiCall(
                        prefix + "CONSUMER.INFO." + stream + '.' + name,
                        "look up consumer " + name + " of stream " + stream);
        return answer(
                call,
                "",
                json ->
                        errorCode(json) == ApiError.CONSUMER_NOT_FOUND.code()
                                ? Optional.empty()
                                : Optional.of(ConsumerFacts.parse(checked(call, json))));
    }

    /** Makes a durable consumer; one that is there with the same configuration will do. */
    public CompletableFuture<ConsumerFacts> createDurable(DurableSpec spec) {
        String subject = prefix + "CONSUMER.CREATE." + spec.stream() + '.' + spec.name();
        return request(
                new ApiCall(
                        subject,
                        "create durable consumer " + spec.name() + " of stream " + spec.stream()),
                spec.toJson(),
                ConsumerFacts::parse);
    }

    /** Has the server forget a consumer; one that is unknown counts as forgotten. */
    public CompletableFuture<Void> deleteConsumer(String stream, String name) {
        return request(
                        new ApiCall(
                                prefix + "CONSUMER.DELETE." + stream + '.' + name,
                                "delete consumer " + name + " of stream " + stream),
                        "",
                        Function.identity())
                .handle(
                        (json, error) -> {
                            if (error != null && !isMissing(error)) {
                                throw new CompletionException(error);
                            }
                            return null;
                        });
    }

    private static boolean isMissing(Throwable error) {
        Throwable cause = error instanceof CompletionException ? error.getCause() : error;
        return cause instanceof NatsFailure && ((NatsFailure) cause).kind() == FailureKind.MISSING;
    }

    /** Asks for messages; they and the statuses arrive on the reply subject. */
    public void pull(String stream, String consumer, String reply, String body) {
        connection.publish(
                pullSubject(stream, consumer), reply, body.getBytes(StandardCharsets.US_ASCII));
    }

    /** Where {@link #pull} publishes to. */
    public String pullSubject(String stream, String consumer) {
        return prefix + "CONSUMER.MSG.NEXT." + stream + '.' + consumer;
    }

    /**
     * Looks whether the server has forbidden {@link #pull}, which it does not answer.
     *
     * @throws NatsFailure when it has
     */
    public void checkPull(String stream, String consumer) {
        if (violations.none()) {
            return;
        }
        String subject = pullSubject(stream, consumer);
        String said = violations.against(subject);
        if (said != null) {
            throw failures.forbidden(new ApiCall(subject, "read stream " + stream), said);
        }
    }

    /**
     * Looks whether the server has forbidden an acknowledgement, which it does not answer.
     *
     * @param prefix what the subjects of acknowledgements begin with
     * @throws NatsFailure when it has
     */
    public void checkAcknowledge(String stream, String prefix) {
        String said = violations.below(prefix);
        if (said != null) {
            throw failures.forbidden(
                    new ApiCall(prefix, "acknowledge messages of stream " + stream), said);
        }
    }

    private <T> CompletableFuture<T> request(
            ApiCall call, String body, Function<JsonValue, T> parse) {
        return answer(call, body, json -> parse.apply(checked(call, json)));
    }

    /** As {@link #request}, but what the server refuses is an answer too. */
    private <T> CompletableFuture<T> answer(
            ApiCall call, String body, Function<JsonValue, T> parse) {
        CompletableFuture<Message> answer;
        Violations.Watch watch = violations.watch(call.subject());
        try {
            answer =
                    connection.requestWithTimeout(
                            call.subject(), body.getBytes(StandardCharsets.UTF_8), timeout);
        } catch (IllegalStateException e) {
            // The client is closed, or its queue is full.
            watch.close();
            return CompletableFuture.failedFuture(failures.interrupted(call, e));
        }
        watch.over(answer);
        return answer.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .handle(
                        (message, error) -> {
                            if (error != null) {
                                throw failure(call, error);
                            }
                            return parse.apply(json(call, message));
                        });
    }

    private JsonValue json(ApiCall call, Message message) {
        try {
            return JsonParser.parse(message.getData());
        } catch (JsonParseException e) {
            throw failures.garbled(call, e);
        }
    }

    private static int errorCode(JsonValue json) {
        JsonValue error = JsonValueUtils.readValue(json, "error");
        return error == null ? 0 : JsonValueUtils.readInteger(error, "err_code", 0);
    }

    private JsonValue checked(ApiCall call, JsonValue json) {
        JsonValue error = JsonValueUtils.readValue(json, "error");
        if (error != null) {
            throw failures.refused(
                    call,
                    JsonValueUtils.readInteger(error, "code", 0),
                    JsonValueUtils.readInteger(error, "err_code", 0),
                    JsonValueUtils.readString(error, "description", "no reason given"));
        }
        return json;
    }

    private NatsFailure failure(ApiCall call, Throwable error) {
        Throwable cause = error instanceof CompletionException ? error.getCause() : error;
        String violation = violations.against(call.subject());
        if (violation != null) {
            return failures.forbidden(call, violation);
        }
        if (cause instanceof JetStreamStatusException) {
            return failures.noResponder(call);
        }
        if (cause instanceof TimeoutException) {
            return failures.timeout(call, timeout);
        }
        return failures.interrupted(call, cause instanceof CancellationException ? null : cause);
    }

    /**
     * Waits for an answer.
     *
     * @throws NatsFailure why there is none
     */
    public static <T> T await(CompletableFuture<T> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof NatsFailure) {
                throw (NatsFailure) e.getCause();
            }
            throw e;
        }
    }
}
