// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

class CredentialsTest {
    private static final TestKeys KEYS = new TestKeys();
    private static final String SEED = TestKeys.userSeed();
    private static final String JWT = KEYS.userJwt(SEED, Duration.ofHours(1));

    @Test
    void printsWithoutSecrets() {
        assertThat(Credentials.none()).hasToString("no login");
        assertThat(Credentials.userPassword("joe", "s3cret")).hasToString("user joe");
        assertThat(Credentials.token("s3cret")).hasToString("a token");
        assertThat(Credentials.nkey(SEED)).hasToString("an NKey");
        assertThat(Credentials.jwt(JWT, SEED)).hasToString("a JWT and its NKey");
        assertThat(Credentials.credentials(TestKeys.credentials(JWT, SEED)))
                .hasToString("a JWT and its NKey");
        assertThat(Credentials.credentialsFile("/a/b.creds"))
                .hasToString("credentials file /a/b.creds");
    }

    @Test
    void refusesWhatIsNoSeedOfAUser() {
        for (String wrong : new String[] {"", "s3cret", SEED.substring(1), SEED + "A"}) {
            assertThatThrownBy(() -> Credentials.nkey(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "It is not the seed of an NKey, which begins with 'SU' and has 58"
                                    + " characters.")
                    .hasNoCause();
        }
        assertThatThrownBy(() -> Credentials.nkey(TestKeys.accountSeed()))
                .hasMessage(
                        "It is the seed of an NKey of another kind than a user's, whose seed begins"
                                + " with 'SU'.");
    }

    @Test
    void refusesWhatIsNoJwtOfAUser() {
        for (String wrong :
                new String[] {"", "s3cret", "a.b", "a.b.c", "a.!s3cret.c", "a.e30=x.c"}) {
            assertThatThrownBy(() -> Credentials.jwt(wrong, SEED))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("It is ")
                    .hasMessageNotContaining("s3cret")
                    .hasNoCause();
        }
        assertThatThrownBy(() -> Credentials.jwt("a.b", SEED))
                .hasMessage("It is not a JWT: three parts, separated by dots.");
        assertThatThrownBy(() -> Credentials.jwt("a.e30.c", SEED))
                .hasMessage("It is the JWT of something else than a user.");
    }

    @Test
    void refusesCredentialsWithoutTheirBlocks() {
        String good = TestKeys.credentials(JWT, SEED);
        for (String wrong :
                new String[] {
                    "", JWT, good.substring(0, good.indexOf("***")), good.replace("BEGIN USER", "")
                }) {
            assertThatThrownBy(() -> Credentials.credentials(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("It is not what a credentials file holds");
        }
    }

    @Test
    void readsCredentialsWrittenOnAnySystem() {
        String windows = TestKeys.credentials(JWT, SEED).replace("\n", "\r\n");
        assertThat(Credentials.credentials(windows).key())
                .isEqualTo(Credentials.jwt(JWT, SEED).key());
    }

    @Test
    void knowsWhenAJwtExpires() {
        Instant soon = Instant.now().plus(1, ChronoUnit.HOURS);
        assertThat(UserKey.ofSeed(SEED).expiry()).isNull();
        assertThat(UserKey.ofSeed(SEED).withJwt(JWT).expiry())
                .isBetween(soon.minusSeconds(60), soon.plusSeconds(60));
    }
}
