// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;
import org.apache.flink.annotation.PublicEvolving;
import org.jspecify.annotations.Nullable;

/** How long to wait for the server before something is called a failure. */
@PublicEvolving
public final class Timeouts implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Duration connect;
    private final Duration request;
    private final Duration outage;

    private Timeouts(Duration connect, Duration request, Duration outage) {
        this.connect = positive("connect", connect);
        this.request = positive("request", request);
        this.outage = positive("outage", outage);
    }

    /** 4 s to connect, 10 s for a request, 1 min of outage. */
    public static Timeouts defaults() {
        return new Timeouts(Duration.ofSeconds(4), Duration.ofSeconds(10), Duration.ofMinutes(1));
    }

    public Timeouts withConnect(Duration timeout) {
        return new Timeouts(timeout, request, outage);
    }

    public Timeouts withRequest(Duration timeout) {
        return new Timeouts(connect, timeout, outage);
    }

    public Timeouts withOutage(Duration timeout) {
        return new Timeouts(connect, request, timeout);
    }

    /** One connection attempt to one server, login included. */
    public Duration connect() {
        return connect;
    }

    /** One JetStream API call. */
    public Duration request() {
        return request;
    }

    /** How long work goes on trying without the server before the job fails. */
    public Duration outage() {
        return outage;
    }

    private static Duration positive(String name, Duration timeout) {
        if (timeout.isZero() || timeout.isNegative()) {
            throw new IllegalArgumentException(
                    "The " + name + " timeout must be positive, not " + timeout + ".");
        }
        return timeout;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof Timeouts)) {
            return false;
        }
        Timeouts that = (Timeouts) other;
        return connect.equals(that.connect)
                && request.equals(that.request)
                && outage.equals(that.outage);
    }

    @Override
    public int hashCode() {
        return Objects.hash(connect, request, outage);
    }

    @Override
    public String toString() {
        return "connect " + connect + ", request " + request + ", outage " + outage;
    }
}
