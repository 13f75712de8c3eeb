// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.split;

import io.github.flinknats.client.StreamIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * State as released versions wrote it. The files of a version never change; those of a new one are
 * written once, by {@code main} here and in the enumerator's counterpart, run from the module's
 * folder with the test class path, and committed with it.
 */
public final class GoldenSplits {

    private GoldenSplits() {}

    /** Splits by the name of their file. */
    public static Map<String, NatsSplit> all() {
        Map<String, NatsSplit> splits = version2();
        StreamIdentity orders = splits.get("split-new").stream();
        splits.put(
                "split-snapshot",
                NatsSplit.of(
                        orders,
                        Collections.singletonList("orders.*"),
                        SequenceRange.of(5, 5_000_000_000L).withSnapshotUpTo(4_000_000_000L)));
        splits.put(
                "split-begun",
                NatsSplit.of(orders, Collections.emptyList(), SequenceRange.from(1))
                        .readUpTo(7, LastRead.nothing()));
        return splits;
    }

    /** Those that the first version could write. */
    public static Map<String, NatsSplit> version1() {
        Map<String, NatsSplit> splits = version2();
        splits.remove("split-durable-new");
        splits.remove("split-durable");
        return splits;
    }

    /** Those that the second version could write. */
    public static Map<String, NatsSplit> version2() {
        StreamIdentity orders =
                StreamIdentity.of("ORDERS", Instant.parse("2026-01-02T03:04:05.678901234Z"));
        StreamIdentity beforeTheEpoch =
                StreamIdentity.of("Größe", Instant.parse("1969-12-31T23:59:59.5Z"));
        Map<String, NatsSplit> splits = new LinkedHashMap<>();
        splits.put(
                "split-new", NatsSplit.of(orders, Collections.emptyList(), SequenceRange.from(1)));
        splits.put(
                "split-one-filter",
                NatsSplit.of(
                                orders,
                                Collections.singletonList("orders.*.created"),
                                SequenceRange.of(17, 4_000_000_000L))
                        .readUpTo(3_000_000_000L, LastRead.of(2_999_999_990L, -1)));
        splits.put(
                "split-many-filters",
                NatsSplit.of(
                                beforeTheEpoch,
                                Arrays.asList("a.>", "größe.*", "c"),
                                SequenceRange.of(5, 4))
                        .readUpTo(Long.MAX_VALUE, LastRead.of(1, Long.MAX_VALUE)));
        DurableProgress none =
                DurableProgress.none("größe", Instant.parse("2026-01-02T03:04:05.000000001Z"));
        NatsSplit durable = NatsSplit.durable(orders, Collections.singletonList("a.>"), none);
        splits.put("split-durable-new", durable);
        splits.put(
                "split-durable",
                durable.readUpTo(
                        1,
                        LastRead.of(4_000_000_000L, 17)
                                .through(
                                        none.with(
                                                Arrays.asList(
                                                        SequenceRange.of(1, 1),
                                                        SequenceRange.of(3, 1_000_000),
                                                        SequenceRange.of(
                                                                4_000_000_000L, Long.MAX_VALUE)),
                                                Arrays.asList(
                                                        SequenceRange.of(127, 255),
                                                        SequenceRange.of(
                                                                4_000_000_000L,
                                                                4_000_000_000L))))));
        return splits;
    }

    /** Where the files of a version are. */
    public static Path folder(int version) {
        return Paths.get("src", "test", "resources", "state", "v" + version);
    }

    public static <T> void write(Map<String, T> states, SimpleVersionedSerializer<T> serializer)
            throws IOException {
        Path folder = Files.createDirectories(folder(serializer.getVersion()));
        for (Map.Entry<String, T> state : states.entrySet()) {
            Files.write(folder.resolve(state.getKey()), serializer.serialize(state.getValue()));
        }
    }

    public static void main(String[] args) throws IOException {
        write(all(), new NatsSplitSerializer());
    }
}
