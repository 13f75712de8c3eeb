// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

/**
 * The JetStream error codes that reading and publishing can meet, with whose fault they are and
 * what helps. The numbers are the server's {@code err_code}s.
 */
enum ApiError {
    NOT_AVAILABLE(10008, FailureKind.UNAVAILABLE, true, ""),
    CLUSTER_NOT_LEADER(10009, FailureKind.UNAVAILABLE, true, ""),
    CONSUMER_NOT_FOUND(10014, FailureKind.MISSING, true, ""),
    BAD_JSON(
            10025,
            FailureKind.BUG,
            false,
            "The server does not know a field of the request: it may be older than 2.10, which is"
                    + " the oldest supported."),
    TOO_MANY_CONSUMERS(
            10026,
            FailureKind.REFUSED,
            false,
            "The account or stream allows no further consumer: raise its limit, or read fewer"
                    + " filters at once with 'scan.ordering' = 'stream'."),
    INSUFFICIENT_RESOURCES(10023, FailureKind.UNAVAILABLE, true, ""),
    MESSAGE_NOT_FOUND(
            10037, FailureKind.MISSING, false, "It expired or was deleted, or was never there."),
    NO_JETSTREAM_FOR_ACCOUNT(
            10039,
            FailureKind.CONFIGURATION,
            false,
            "JetStream is not enabled for the account of this user: log in with another"
                    + " 'nats.user', enable it, or, when another account's JetStream is imported, set"
                    + " 'nats.api-prefix'."),
    NO_MEMORY(10028, FailureKind.UNAVAILABLE, true, ""),
    NO_STORAGE(10047, FailureKind.UNAVAILABLE, true, ""),
    MESSAGE_TOO_LARGE(
            10054,
            FailureKind.REFUSED,
            false,
            "The stream allows no message of this size: raise its limit (max_msg_size)."),
    STREAM_NOT_FOUND(
            10059,
            FailureKind.MISSING,
            false,
            "Check 'nats.stream' and 'nats.subject', and the account that the user belongs to."),
    WRONG_STREAM(
            10060,
            FailureKind.CONFIGURATION,
            false,
            "Another stream carries the subject than the one that was named."),
    STREAM_FULL(
            10077,
            FailureKind.REFUSED,
            false,
            "The stream does not take the message; where it has reached a limit and discards new"
                    + " messages, raise the limit or let it discard old ones."),
    HEADERS_TOO_LARGE(
            10097,
            FailureKind.REFUSED,
            false,
            "A server takes at most 64 KiB of headers with a message."),
    STREAM_SEALED(
            10109,
            FailureKind.REFUSED,
            false,
            "The stream is sealed, which cannot be undone: use another one."),
    ID_IN_FLIGHT(10158, FailureKind.UNAVAILABLE, true, ""),
    TTL_NOT_ALLOWED(
            10166,
            FailureKind.REFUSED,
            false,
            "The stream lets no message have a lifetime of its own: allow it (allow_msg_ttl), or"
                    + " leave the metadata column 'ttl' NULL."),
    TOO_MANY_MESSAGES_AT_ONCE(10167, FailureKind.UNAVAILABLE, true, ""),
    JETSTREAM_NOT_ENABLED(10076, FailureKind.UNAVAILABLE, true, ""),
    WORK_QUEUE_NEEDS_ACKS(
            10084,
            FailureKind.CONFIGURATION,
            false,
            "A work-queue stream cannot be replayed: set 'scan.durable-consumer'."),
    STREAM_OFFLINE(10118, FailureKind.UNAVAILABLE, true, ""),
    CONSUMER_OFFLINE(10119, FailureKind.UNAVAILABLE, true, ""),
    OVERLAPPING_FILTERS(
            10138,
            FailureKind.CONFIGURATION,
            false,
            "Two entries of 'nats.subject' overlap: write them so that no subject fits both."),
    /** Any other code. */
    OTHER(0, FailureKind.REFUSED, false, "");

    private final int code;
    private final FailureKind kind;
    private final boolean retriable;
    private final String hint;

    ApiError(int code, FailureKind kind, boolean retriable, String hint) {
        this.code = code;
        this.kind = kind;
        this.retriable = retriable;
        this.hint = hint;
    }

    static ApiError of(int code) {
        for (ApiError error : values()) {
            if (error.code == code) {
                return error;
            }
        }
        return OTHER;
    }

    int code() {
        return code;
    }

    FailureKind kind() {
        return kind;
    }

    boolean isRetriable() {
        return retriable;
    }

    String hint() {
        return hint;
    }
}
