// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static io.github.flinknats.docs.Permissions.CREATE_DURABLE;
import static io.github.flinknats.docs.Permissions.DEAD_LETTERS;
import static io.github.flinknats.docs.Permissions.FIND_STREAM;
import static io.github.flinknats.docs.Permissions.READ;
import static io.github.flinknats.docs.Permissions.READ_BUCKET;
import static io.github.flinknats.docs.Permissions.READ_DURABLE;
import static io.github.flinknats.docs.Permissions.WRITE;
import static io.github.flinknats.docs.Permissions.WRITE_BUCKET;
import static io.github.flinknats.docs.Permissions.WRITE_EXACTLY_ONCE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.docs.Permissions;
import io.github.flinknats.testing.Direction;
import io.github.flinknats.testing.FaultProxy;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.TestStream;
import io.nats.client.Connection;
import io.nats.client.api.RetentionPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Without one of the permissions of the documentation, the job fails with the subject that it may
 * not publish or subscribe to, and does not wait for an answer that never comes.
 */
@Timeout(180)
class SqlMissingPermissionITCase {
    private static final String BOUNDED = "'scan.bounded.mode' = 'latest'";
    private static final String OF_ORDERS = "'nats.stream' = 'ORDERS'";
    private static final String BY_SUBJECT = "'nats.subject' = 'orders.>'";
    private static final String DURABLE = "'scan.durable-consumer' = 'TASKS'";
    private static final String CREATED = "'scan.durable-consumer.create' = 'true'";
    private static final String[] EXACTLY_ONCE = {
        "'nats.subject' = 'orders.new'",
        "'sink.delivery-guarantee' = 'exactly-once'",
        "'sink.id' = 'job'"
    };

    @RegisterExtension static final MiniClusterExtension CLUSTER = SqlFixture.cluster();

    @RegisterExtension final GuardedServers servers = new GuardedServers();

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    @TempDir Path directory;

    private final GuardedOrders orders = new GuardedOrders(servers, sql);

    /** What a job does until it misses the permission; returns what is said. */
    private interface Use {
        String failure(SqlMissingPermissionITCase test, NatsServer server) throws Exception;
    }

    static Stream<Arguments> cases() {
        return Stream.of(
                missing(READ, "$JS.API.STREAM.INFO.ORDERS", "look up stream ORDERS", reading()),
                missing(
                        READ,
                        "$JS.API.STREAM.MSG.GET.ORDERS",
                        "look up message 7 of stream ORDERS",
                        SqlMissingPermissionITCase::goingOn),
                missing(
                        READ,
                        "$JS.API.CONSUMER.CREATE.ORDERS.>",
                        "open a consumer of stream ORDERS",
                        reading()),
                missing(
                        READ,
                        "$JS.API.CONSUMER.MSG.NEXT.ORDERS.*",
                        "read stream ORDERS",
                        reading()),
                missing(
                        FIND_STREAM,
                        "$JS.API.STREAM.NAMES",
                        "look for streams that carry orders.>",
                        reading(BY_SUBJECT)),
                missing(
                        READ_DURABLE,
                        "$JS.API.STREAM.INFO.ORDERS",
                        "look up stream ORDERS",
                        reading(OF_ORDERS, DURABLE)),
                missing(
                        READ_DURABLE,
                        "$JS.API.CONSUMER.INFO.ORDERS.TASKS",
                        "look up consumer TASKS of stream ORDERS",
                        reading(OF_ORDERS, DURABLE)),
                missing(
                        READ_DURABLE,
                        "$JS.API.CONSUMER.MSG.NEXT.ORDERS.TASKS",
                        "read stream ORDERS",
                        reading(OF_ORDERS, DURABLE, CREATED)),
                missing(
                        READ_DURABLE,
                        "$JS.ACK.ORDERS.TASKS.>",
                        "acknowledge messages of stream ORDERS",
                        reading(OF_ORDERS, DURABLE, CREATED, "'nats.request-timeout' = '1 s'")),
                missing(
                        CREATE_DURABLE,
                        "$JS.API.CONSUMER.CREATE.ORDERS.TASKS",
                        "create durable consumer TASKS of stream ORDERS",
                        reading(OF_ORDERS, DURABLE, CREATED)),
                missing(
                        DEAD_LETTERS,
                        "dead.orders",
                        "send a dead letter to subject dead.orders",
                        SqlMissingPermissionITCase::sendingDeadLetters),
                missing(
                        WRITE,
                        "orders.>",
                        "publish to subject orders.new",
                        writing("'nats.subject' = 'orders.new'")),
                missing(
                        WRITE,
                        "orders.>",
                        "publish to subject orders.new",
                        writing(
                                "'nats.subject' = 'orders.new'",
                                "'sink.delivery-guarantee' = 'none'")),
                missing(
                        WRITE_EXACTLY_ONCE,
                        "orders.>",
                        "publish to subject orders.new",
                        writing(EXACTLY_ONCE)),
                missing(
                        WRITE_EXACTLY_ONCE,
                        "$JS.API.STREAM.NAMES",
                        "look for streams that carry orders.new",
                        writing(EXACTLY_ONCE)),
                missing(
                        WRITE_EXACTLY_ONCE,
                        "$JS.API.STREAM.INFO.ORDERS",
                        "look up stream ORDERS",
                        writing(EXACTLY_ONCE)),
                missing(
                        WRITE_EXACTLY_ONCE,
                        "$JS.API.CONSUMER.CREATE.ORDERS.>",
                        "open a consumer of stream ORDERS",
                        SqlMissingPermissionITCase::committingTwice),
                missing(
                        WRITE_EXACTLY_ONCE,
                        "$JS.API.CONSUMER.MSG.NEXT.ORDERS.*",
                        "publish to subject $JS.API.CONSUMER.MSG.NEXT.ORDERS.flink-scan-",
                        SqlMissingPermissionITCase::committingTwice),
                missing(
                        READ_BUCKET,
                        "$JS.API.STREAM.INFO.KV_PRICES",
                        "look up stream KV_PRICES",
                        reading("'nats.stream' = 'KV_PRICES'")),
                missing(
                        READ_BUCKET,
                        "$JS.API.CONSUMER.CREATE.KV_PRICES.>",
                        "open a consumer of stream KV_PRICES",
                        reading("'nats.stream' = 'KV_PRICES'")),
                missing(
                        READ_BUCKET,
                        "$JS.API.CONSUMER.MSG.NEXT.KV_PRICES.*",
                        "read stream KV_PRICES",
                        reading("'nats.stream' = 'KV_PRICES'")),
                missing(
                        WRITE_BUCKET,
                        "$KV.PRICES.>",
                        "publish to subject $KV.PRICES.x",
                        writing("'nats.subject' = '$KV.PRICES.x'")));
    }

    private static Arguments missing(Permissions use, String subject, String what, Use run) {
        return Arguments.of(use, subject, what, run);
    }

    /** What fails no job, and what is missing to buckets as it is to streams. */
    private static final Set<String> ELSEWHERE =
            Set.of(
                    "READ $JS.API.CONSUMER.DELETE.ORDERS.*",
                    "READ_BUCKET $JS.API.CONSUMER.DELETE.KV_PRICES.*",
                    "READ_BUCKET $JS.API.STREAM.MSG.GET.KV_PRICES",
                    "WRITE_EXACTLY_ONCE $JS.API.CONSUMER.DELETE.ORDERS.*",
                    "WRITE_EXACTLY_ONCE _INBOX.>",
                    // Covered by the one without filters, which comes first.
                    "CREATE_DURABLE $JS.API.CONSUMER.CREATE.ORDERS.TASKS.>");

    @Test
    void everyPermissionIsMissedOnce() {
        Set<String> missed = new LinkedHashSet<>(ELSEWHERE);
        cases().map(Arguments::get).forEach(one -> missed.add(one[0] + " " + one[1]));
        Set<String> granted = new LinkedHashSet<>();
        for (Permissions use : Permissions.values()) {
            use.publish().forEach(subject -> granted.add(use + " " + subject));
        }
        assertThat(missed).containsExactlyInAnyOrderElementsOf(granted);
    }

    @ParameterizedTest(name = "{0} without {1}")
    @MethodSource("cases")
    void isNamed(Permissions use, String subject, String what, Use run) throws Exception {
        List<Permissions> uses = new ArrayList<>(List.of(use));
        if (use == FIND_STREAM || use == DEAD_LETTERS) {
            uses.add(READ);
        } else if (use == READ_DURABLE) {
            uses.add(CREATE_DURABLE);
        } else if (use == CREATE_DURABLE) {
            uses.add(READ_DURABLE);
        }
        Set<String> publish = Permissions.subjects(uses.toArray(new Permissions[0]));
        assertThat(publish.remove(subject)).isTrue();
        NatsServer server = orders.server(publish);
        orders.stream(
                server,
                use == READ_DURABLE || use == CREATE_DURABLE
                        ? RetentionPolicy.WorkQueue
                        : RetentionPolicy.Limits);
        GuardedOrders.bucket(server).publishTo("$KV.PRICES.a", "{\"id\": 1}");
        sql.set("execution.checkpointing.interval", "100 ms");

        assertThat(run.failure(this, server))
                .contains("Cannot " + what)
                .contains("because the user lacks a permission; the server says: ")
                .contains(
                        "Permissions Violation for Publish to \""
                                + subject.replaceAll("[.]?[>*]$", ""))
                .doesNotContain("did not answer");
    }

    /** What is said soon. */
    private String soon(Supplier<String> failure) {
        long begin = System.nanoTime();
        String said = failure.get();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(GuardedServers.SOON);
        return said;
    }

    private static Use reading(String... options) {
        return (test, server) -> {
            List<String> all = new ArrayList<>(List.of(options));
            if (all.isEmpty()) {
                all.add(OF_ORDERS);
            }
            if (!all.contains(DURABLE)) {
                all.add(BOUNDED);
            }
            test.orders.table("t", server, all.toArray(new String[0]));
            return test.soon(() -> test.sql.failure("SELECT id FROM t"));
        };
    }

    /** A backup was restored, and other messages have the sequences of those that were read. */
    private static String goingOn(SqlMissingPermissionITCase test, NatsServer server)
            throws IOException {
        Path backup = test.directory.resolve("backup");
        server.stop();
        SqlDataLossITCase.copy(server.storeDir(), backup);
        server.restart();
        publishMore(server, 2);
        try (FaultProxy proxy = FaultProxy.start(server)) {
            test.orders.tableAt(proxy.url(), "t", "id INT", OF_ORDERS);
            SqlFixture.Running query = test.sql.start("SELECT id FROM t");
            query.next(7);
            proxy.refuse(true);
            proxy.cutAll();
            server.stop();
            SqlDataLossITCase.delete(server.storeDir());
            SqlDataLossITCase.copy(backup, server.storeDir());
            server.restart();
            publishMore(server, 5);
            proxy.refuse(false);
            return test.soon(query::failure);
        }
    }

    private static void publishMore(NatsServer server, int count) {
        try (Connection admin = server.connect()) {
            for (int i = 0; i < count; i++) {
                admin.jetStream().publish("orders.more", "{\"id\": 9}".getBytes(UTF_8));
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static String sendingDeadLetters(SqlMissingPermissionITCase test, NatsServer server) {
        TestStream.create(server, builder -> builder.name("DEAD").subjects("dead.>"));
        test.orders.tableAt(
                server.url(),
                "t",
                "id ARRAY<INT>",
                OF_ORDERS,
                "'scan.on-error' = 'dead-letter'",
                "'scan.dead-letter.subject' = 'dead.orders'",
                BOUNDED);
        return test.soon(() -> test.sql.failure("SELECT id FROM t"));
    }

    private static Use writing(String... options) {
        return (test, server) -> {
            test.orders.table("t", server, options);
            return test.soon(() -> test.sql.insertFailure("INSERT INTO t VALUES (6), (7)"));
        };
    }

    /**
     * The connection breaks in the middle of a commit, so that what is stored must be found out.
     */
    private static String committingTwice(SqlMissingPermissionITCase test, NatsServer server) {
        try (FaultProxy proxy = FaultProxy.start(server)) {
            proxy.on(Direction.FROM_CLIENT, "PUB", "orders", 2).cut();
            test.orders.tableAt(proxy.url(), "t", "id INT", EXACTLY_ONCE);
            return test.soon(() -> test.sql.insertFailure("INSERT INTO t VALUES (6), (7), (8)"));
        }
    }

    /** Consumers then go away by themselves. */
    @Test
    void mayBeMissingToDeleteConsumers() {
        Set<String> publish = Permissions.subjects(READ);
        assertThat(publish.remove("$JS.API.CONSUMER.DELETE.ORDERS.*")).isTrue();
        NatsServer server = orders.server(publish);
        TestStream stream = orders.stream(server, RetentionPolicy.Limits);
        orders.table("t", server, OF_ORDERS, BOUNDED);

        assertThat(sql.rows("SELECT id FROM t"))
                .containsExactly(Row.of(1), Row.of(2), Row.of(3), Row.of(4), Row.of(5));
        assertThat(server.consumers()).hasSize(1);
        server.consumers().forEach(name -> stream.keepConsumer(name.split("/")[1]));
    }

    @Test
    void mayBeMissingToDeleteConsumersWhenWriting() {
        Set<String> publish = Permissions.subjects(WRITE_EXACTLY_ONCE);
        assertThat(publish.remove("$JS.API.CONSUMER.DELETE.ORDERS.*")).isTrue();
        NatsServer server = orders.server(publish);
        TestStream stream = orders.stream(server, RetentionPolicy.Limits);
        sql.set("execution.checkpointing.interval", "100 ms");
        try (FaultProxy proxy = FaultProxy.start(server)) {
            proxy.on(Direction.FROM_CLIENT, "PUB", "orders", 2).cut();
            orders.tableAt(proxy.url(), "t", "id INT", EXACTLY_ONCE);
            sql.insert("INSERT INTO t VALUES (6), (7), (8)");
        }
        assertThat(stream.lastSequence()).isEqualTo(8);
    }

    static Stream<Arguments> uses() {
        return Stream.of(
                Arguments.of("read", reading(OF_ORDERS)),
                Arguments.of("read durable", reading(OF_ORDERS, DURABLE, CREATED)),
                Arguments.of("write", writing("'nats.subject' = 'orders.new'")),
                Arguments.of("write exactly once", writing(EXACTLY_ONCE)));
    }

    /** Answers come on subjects of their own, which a restricted user may have to name. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("uses")
    void isNamedWhenAnswersMayNotBeHeard(String name, Use run) throws Exception {
        NatsServer server = orders.server(Set.of(">"), "_MINE.>");
        orders.stream(
                server,
                name.equals("read durable") ? RetentionPolicy.WorkQueue : RetentionPolicy.Limits);
        sql.set("execution.checkpointing.interval", "100 ms");

        assertThat(run.failure(this, server))
                .contains("because the user lacks a permission; the server says: ")
                .contains("Permissions Violation for Subscription to \"_INBOX.")
                .contains("or set 'nats.inbox-prefix' to what the user may subscribe to.")
                .doesNotContain("did not answer");
    }
}
