// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PullStatusTest {

    @ParameterizedTest
    @CsvSource({
        "404, No Messages, FINISHED",
        "408, Request Timeout, FINISHED",
        "409, Batch Completed, FINISHED",
        "409, Message Size Exceeds MaxBytes, TOO_LARGE",
        "409, Exceeded MaxRequestBatch of 10, REFUSED",
        "409, Exceeded MaxRequestExpires of 1s, REFUSED",
        "409, Exceeded MaxRequestMaxBytes of 1024, REFUSED",
        "400, Bad Request - heartbeat value too large, REFUSED",
        "409, Exceeded MaxWaiting, GONE",
        "409, Consumer Deleted, GONE",
        "409, Server Shutdown, GONE",
        "409, Leadership Change, GONE",
        "409, Consumer is push based, GONE",
        "409, Something New, GONE",
        "503, '', GONE",
        "423, Nats-Pin-Id mismatch, GONE",
        "200, OK, GONE"
    })
    void meansWhatTheServerMeans(int code, String text, PullStatus.Meaning meaning) {
        PullStatus status = PullStatus.of(code, text, 7, 3, 500);
        assertThat(status.meaning()).isEqualTo(meaning);
        assertThat(status.text()).isEqualTo((code + " " + text).trim());
        assertThat(status.pull()).isEqualTo(7);
        assertThat(status.unusedMessages()).isEqualTo(3);
        assertThat(status.unusedBytes()).isEqualTo(500);
    }

    @Test
    void readsTextsInAnyCaseAndAnyLocale() {
        Locale before = Locale.getDefault();
        Locale.setDefault(new Locale("tr"));
        try {
            assertThat(PullStatus.of(409, "MESSAGE SIZE EXCEEDS MAXBYTES", 1, 0, 0).meaning())
                    .isEqualTo(PullStatus.Meaning.TOO_LARGE);
        } finally {
            Locale.setDefault(before);
        }
    }
}
