// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemFileTest {
    @TempDir Path directory;

    private PemFile read(Path file) throws Exception {
        return PemFile.read(file.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA"})
    void readsKeysInEveryForm(String algorithm) throws Exception {
        TestAuthority.Signed signed =
                TestAuthority.in(directory, "ca").sign("u", algorithm, Duration.ofDays(1));
        Certificate certificate = read(signed.certificate()).certificates().get(0);

        assertMatch(read(signed.key()).key(null), certificate);
        if (algorithm.equals("RSA")) {
            assertMatch(read(signed.oldKey()).key(null), certificate);
        }
        assertMatch(read(signed.encryptedKey("p")).key("p".toCharArray()), certificate);
    }

    private static void assertMatch(PrivateKey key, Certificate certificate) throws Exception {
        String algorithm = "SHA256with" + (key.getAlgorithm().equals("RSA") ? "RSA" : "ECDSA");
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        byte[] signed = signature.sign();
        signature.initVerify(certificate);
        assertThat(signature.verify(signed)).isTrue();
    }

    /** The same key, written by openssl in its forms. */
    @Test
    void readsWhatOpensslWrites() throws Exception {
        PrivateKey plain = resource("plain.pem").key(null);
        assertThat(plain.getAlgorithm()).isEqualTo("EC");
        for (String file : List.of("old.pem", "encrypted.pem")) {
            assertThat(((ECPrivateKey) resource(file).key("changeit".toCharArray())).getS())
                    .as(file)
                    .isEqualTo(((ECPrivateKey) plain).getS());
        }
    }

    @Test
    void saysWhatJavaCannotDecrypt() {
        assertThatThrownBy(() -> resource("des3.pem").key("changeit".toCharArray()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Its key is encrypted in a way that Java does not know");
    }

    private static PemFile resource(String name) throws Exception {
        return PemFile.read(
                Path.of(PemFileTest.class.getResource("/pem/" + name).toURI()).toString());
    }

    @Test
    void readsSeveralCertificatesAndAKeyBesideThem() throws Exception {
        TestAuthority authority = TestAuthority.in(directory, "ca");
        TestAuthority.Signed signed = authority.sign("u");
        Path all = directory.resolve("all.pem");
        Files.writeString(
                all,
                "Bag Attributes\n"
                        + Files.readString(signed.certificate())
                        + Files.readString(signed.key())
                        + Files.readString(authority.file("ca")));

        assertThat(read(all).certificates())
                .containsExactly(
                        read(signed.certificate()).certificates().get(0),
                        read(authority.file("ca")).certificates().get(0));
        assertMatch(read(all).key(null), read(all).certificates().get(0));
    }

    @Test
    void saysWhatIsMissing() throws Exception {
        TestAuthority.Signed signed = TestAuthority.in(directory, "ca").sign("u");
        assertThatThrownBy(() -> read(signed.key()).certificates())
                .hasMessage("It holds no certificate in PEM form.");
        assertThatThrownBy(() -> read(signed.certificate()).key(null))
                .hasMessage("It holds no key that can be read; openssl pkcs8 -topk8 writes one.");
        assertThatThrownBy(() -> read(signed.encryptedKey("p")).key(null))
                .hasMessage("Its key is encrypted: set 'nats.tls.keystore-password'.");
        assertThatThrownBy(() -> read(signed.encryptedKey("p")).key("q".toCharArray()))
                .hasMessage("Its key cannot be decrypted: check 'nats.tls.keystore-password'.");
    }
}
