// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.publish.OutgoingMessage;
import io.github.flinknats.record.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MessagePackerTest {
    private final MessagePacker packer = new MessagePacker();
    private final List<OutgoingMessage> added = new ArrayList<>();

    private void add(int count, int bytes) {
        for (int i = 0; i < count; i++) {
            byte[] payload = new byte[bytes];
            payload[0] = (byte) added.size();
            OutgoingMessage message =
                    new OutgoingMessage("s." + added.size() / 3, Headers.empty(), payload);
            added.add(message);
            packer.add(message);
        }
    }

    private List<Integer> sizes() {
        List<PackedMessages> packs = packer.take();
        List<OutgoingMessage> all = new ArrayList<>();
        packs.forEach(pack -> all.addAll(pack.asList()));
        assertThat(all).isEqualTo(added);
        assertThat(packer.isEmpty()).isTrue();
        return packs.stream().map(PackedMessages::size).collect(Collectors.toList());
    }

    @Test
    void packsAThousandMessages() {
        assertThat(packer.isEmpty()).isTrue();
        add(2_001, 7);
        assertThat(sizes()).containsExactly(1_000, 1_000, 1);
        assertThat(packer.take()).isEmpty();
    }

    @Test
    void packsFourMegabytesAndALargerMessageAlone() {
        add(5, 1 << 20);
        add(1, 5 << 20);
        add(1, 1);
        assertThat(sizes()).containsExactly(3, 2, 1, 1);
    }

    @Test
    void showsWhatIsInAPack() {
        Headers headers = Headers.of(Map.of("k", List.of("v")));
        List<OutgoingMessage> messages =
                List.of(
                        new OutgoingMessage("größe", Headers.empty(), new byte[10]),
                        new OutgoingMessage("größe", headers, new byte[] {1, 2}),
                        new OutgoingMessage("b", Headers.empty(), new byte[200]),
                        new OutgoingMessage("größe", Headers.empty(), new byte[0]));
        PackedMessages pack = PackedMessages.of(messages);
        assertThat(pack.asList()).isEqualTo(messages);
        assertThat(pack.subjects()).containsExactly("größe", "b");
        assertThat(pack.hasHeaders()).isTrue();
        assertThat(pack.headers(1)).isEqualTo(headers);
        assertThat(pack.headers(2)).isEqualTo(Headers.empty());
        assertThat(pack.largest()).isBetween(200, 230);
        PackedMessages.Reader reader = pack.reader();
        reader.move(1);
        assertThat(reader.payloadLength()).isEqualTo(2);
        assertThat(reader.array()[reader.payloadAt() + 1]).isEqualTo((byte) 2);
        reader.move(2);
        assertThat(reader.subject()).isEqualTo(new byte[] {'b'});
        assertThat(PackedMessages.of(messages.subList(0, 1)).hasHeaders()).isFalse();
        assertThat(PackedMessages.of(messages.subList(0, 1))).isNotEqualTo(pack);
    }
}
