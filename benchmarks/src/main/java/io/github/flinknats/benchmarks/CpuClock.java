// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/** CPU time of this process and of the servers that it has started. */
final class CpuClock {
    private final long clientNanos;
    private final long serverNanos;

    private CpuClock(long clientNanos, long serverNanos) {
        this.clientNanos = clientNanos;
        this.serverNanos = serverNanos;
    }

    static CpuClock now() {
        OperatingSystemMXBean system =
                (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long server =
                ProcessHandle.current()
                        .descendants()
                        .map(p -> p.info().totalCpuDuration().orElse(Duration.ZERO))
                        .mapToLong(Duration::toNanos)
                        .sum();
        return new CpuClock(system.getProcessCpuTime(), server);
    }

    double clientMicrosSince(CpuClock earlier, long messages) {
        return (clientNanos - earlier.clientNanos) / 1e3 / messages;
    }

    double serverMicrosSince(CpuClock earlier, long messages) {
        return (serverNanos - earlier.serverNanos) / 1e3 / messages;
    }
}
