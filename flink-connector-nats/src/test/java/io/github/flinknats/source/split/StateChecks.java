// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** What holds for every serializer of state. */
public final class StateChecks {
    private static final int GARBAGE_CASES = 100_000;
    private static final byte[] EDGES = {0, 1, -1, Byte.MAX_VALUE, Byte.MIN_VALUE};

    private StateChecks() {}

    /** The files are those of a version of the states, and are read and written the same. */
    public static <T> void goldenFiles(
            int version,
            String prefix,
            Map<String, T> states,
            SimpleVersionedSerializer<T> serializer)
            throws IOException {
        Path folder = GoldenSplits.folder(version);
        try (Stream<Path> files = Files.list(folder)) {
            List<String> names =
                    files.map(file -> file.getFileName().toString())
                            .filter(name -> name.startsWith(prefix))
                            .collect(Collectors.toList());
            assertThat(names).containsExactlyInAnyOrderElementsOf(states.keySet());
        }
        for (Map.Entry<String, T> state : states.entrySet()) {
            byte[] bytes = Files.readAllBytes(folder.resolve(state.getKey()));
            assertThat(serializer.deserialize(version, bytes))
                    .as("read from " + state.getKey())
                    .isEqualTo(state.getValue());
            if (version == serializer.getVersion()) {
                assertThat(serializer.serialize(state.getValue()))
                        .as("written as " + state.getKey())
                        .isEqualTo(bytes);
            }
        }
    }

    public static <T> void refusesOtherVersions(T state, SimpleVersionedSerializer<T> serializer)
            throws IOException {
        byte[] bytes = serializer.serialize(state);
        for (int version : new int[] {0, -1, serializer.getVersion() + 1, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> serializer.deserialize(version, bytes))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("Cannot restore the ")
                    .hasMessageEndingWith(
                            ", because it has version "
                                    + version
                                    + ", and this connector knows only versions 1 to "
                                    + serializer.getVersion()
                                    + ". Please restore it with the connector that wrote it, or a"
                                    + " newer one.");
        }
    }

    /** No prefix of right bytes, and nothing behind them, is taken for a state. */
    public static <T> void refusesOtherLengths(T state, SimpleVersionedSerializer<T> serializer)
            throws IOException {
        byte[] bytes = serializer.serialize(state);
        for (int length = 0; length <= bytes.length + 4; length++) {
            byte[] other = Arrays.copyOf(bytes, length);
            if (length != bytes.length) {
                assertThatThrownBy(() -> serializer.deserialize(serializer.getVersion(), other))
                        .as(length + " bytes instead of " + bytes.length)
                        .isInstanceOf(IOException.class)
                        .hasMessageMatching(
                                "Cannot restore the .* \\(version \\d\\), because it is damaged: "
                                        + (length < bytes.length
                                                ? "(it ends too early|a length of .*)"
                                                : "\\d bytes are left over")
                                        + "\\. Please restore an older checkpoint or savepoint, or"
                                        + " start the job without the old state\\.");
            }
        }
    }

    /** Garbage is refused by an IOException, or is a state that is written as it was read. */
    public static <T> void survivesGarbage(
            Iterable<T> states, SimpleVersionedSerializer<T> serializer) throws IOException {
        List<byte[]> right = new ArrayList<>();
        for (T state : states) {
            right.add(serializer.serialize(state));
        }
        SplittableRandom random = new SplittableRandom(1);
        int refused = 0;
        for (int i = 0; i < GARBAGE_CASES; i++) {
            byte[] garbage = damaged(right.get(random.nextInt(right.size())), random);
            try {
                T read = serializer.deserialize(serializer.getVersion(), garbage);
                byte[] written = serializer.serialize(read);
                assertThat(serializer.deserialize(serializer.getVersion(), written))
                        .isEqualTo(read);
            } catch (IOException expected) {
                refused++;
                String text = expected.getMessage();
                if (!text.startsWith("Cannot restore the ")
                        || !text.contains(". Please restore ")
                        || text.chars().anyMatch(Character::isISOControl)) {
                    throw new AssertionError("case " + i + ": " + text, expected);
                }
            } catch (RuntimeException | OutOfMemoryError e) {
                throw new AssertionError("case " + i + ": " + Arrays.toString(garbage), e);
            }
        }
        assertThat(refused).isBetween(GARBAGE_CASES / 10, GARBAGE_CASES * 99 / 100);
    }

    private static byte[] damaged(byte[] right, SplittableRandom random) {
        if (random.nextInt(20) == 0) {
            byte[] noise = new byte[random.nextInt(100)];
            random.nextBytes(noise);
            return noise;
        }
        byte[] bytes = Arrays.copyOf(right, right.length - random.nextInt(3) / 2);
        for (int changes = random.nextInt(3); changes >= 0; changes--) {
            int from = random.nextInt(bytes.length);
            int to = Math.min(bytes.length, from + 1 + random.nextInt(12));
            byte edge = EDGES[random.nextInt(EDGES.length)];
            for (int at = from; at < to; at++) {
                bytes[at] = random.nextInt(4) == 0 ? (byte) random.nextInt(256) : edge;
            }
        }
        return bytes;
    }
}
