// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.client.NatsFailure;
import io.nats.client.impl.NatsMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AckIntakeTest {
    private final List<String> heard = new ArrayList<>();
    private final AckIntake intake = new AckIntake(new Recorder(), PublishWindowScript.FAILURES);

    private void answer(String place, String text) {
        intake.onMessage(
                NatsMessage.builder()
                        .subject("_INBOX.abc." + place)
                        .data(text.getBytes(StandardCharsets.UTF_8))
                        .build());
    }

    @Test
    void tellsWhichMessageOfWhichAttemptIsStored() {
        answer("3.17", "{\"stream\":\"S\",\"seq\":1}");
        answer("3.18", "{\"stream\":\"S\",\"seq\":2,\"duplicate\":true}");
        answer("4.1", "{\"error\":{\"code\":503,\"err_code\":10077,\"description\":\"full\"}}");
        answer("4.2", "hello");
        assertThat(heard)
                .containsExactly(
                        "stored 17/3, 0 again",
                        "stored 18/3, 1 again",
                        "refused 1/4",
                        "refused 2/4");
    }

    /** Streams of one domain cannot take the same message. */
    @Test
    void tellsThatStreamsOfSeveralDomainsAnswer() {
        answer("1.1", "{\"stream\":\"S\",\"domain\":\"leaf\",\"seq\":1}");
        answer("1.2", "{\"stream\":\"T\",\"domain\":\"leaf\",\"seq\":1}");
        assertThat(heard).containsExactly("stored 1/1, 0 again", "stored 2/1, 0 again");
        heard.clear();
        answer("1.1", "{\"stream\":\"S\",\"domain\":\"hub\",\"seq\":1}");
        assertThat(heard).containsExactly("several domains", "stored 1/1, 0 again");
    }

    private final class Recorder implements PublishLink.Listener {
        @Override
        public void onUp() {
            heard.add("up");
        }

        @Override
        public void onDown(String reason, @Nullable NatsFailure cause) {
            heard.add("down");
        }

        @Override
        public void onFailure(NatsFailure failure) {
            heard.add("failure");
        }

        @Override
        public void onStored(StoredAnswers answers) {
            answers.forEach(
                    (number, attempt) ->
                            heard.add(
                                    "stored "
                                            + number
                                            + "/"
                                            + attempt
                                            + ", "
                                            + answers.repeats()
                                            + " again"));
        }

        @Override
        public void onSeveralDomains() {
            heard.add("several domains");
        }

        @Override
        public void onRefused(long number, int attempt, Function<String, NatsFailure> why) {
            heard.add("refused " + number + "/" + attempt);
        }

        @Override
        public void onNobody(long number, int attempt) {
            heard.add("nobody " + number + "/" + attempt);
        }
    }
}
