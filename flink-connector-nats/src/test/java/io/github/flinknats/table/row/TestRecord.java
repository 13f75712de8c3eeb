// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table.row;

import io.github.flinknats.record.Headers;
import io.github.flinknats.record.NatsRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** A message made by hand. */
public final class TestRecord implements NatsRecord {
    private final byte[] payload;
    private final Headers headers;

    private TestRecord(byte[] payload, Headers headers) {
        this.payload = payload;
        this.headers = headers;
    }

    public static TestRecord of(String payload) {
        return of(payload.getBytes(StandardCharsets.UTF_8));
    }

    public static TestRecord of(byte[] payload) {
        return new TestRecord(payload, Headers.empty());
    }

    public TestRecord with(Headers values) {
        return new TestRecord(payload, values);
    }

    @Override
    public byte[] payload() {
        return payload;
    }

    @Override
    public String subject() {
        return "orders.new";
    }

    @Override
    public String stream() {
        return "ORDERS";
    }

    @Override
    public long sequence() {
        return 42;
    }

    @Override
    public Instant timestamp() {
        return Instant.parse("2026-01-31T09:30:00.123456789Z");
    }

    @Override
    public long timestampMillis() {
        return timestamp().toEpochMilli();
    }

    @Override
    public Headers headers() {
        return headers;
    }
}
