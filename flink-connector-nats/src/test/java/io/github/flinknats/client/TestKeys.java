// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import io.nats.client.NKey;
import io.nats.client.support.JwtUtils;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/** An operator, an account and users of it, made for a test. */
public final class TestKeys {
    private final NKey operator = key(NKey::createOperator);
    private final NKey account = key(NKey::createAccount);
    private final NKey system = key(NKey::createAccount);

    private interface Making {
        NKey make(java.security.SecureRandom random) throws Exception;
    }

    private static NKey key(Making making) {
        try {
            return making.make(new java.security.SecureRandom());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** The seed of a new user. */
    public static String userSeed() {
        return seed(key(NKey::createUser));
    }

    /** The seed of a new account, which is no login. */
    public static String accountSeed() {
        return seed(key(NKey::createAccount));
    }

    private static String seed(NKey key) {
        return new String(key.getSeed());
    }

    public static String publicKey(String seed) {
        return id(NKey.fromSeed(seed.toCharArray()));
    }

    private static String id(NKey key) {
        try {
            return new String(key.getPublicKey());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** A user of the account, who may do everything. */
    public String userJwt(String seed, Duration validity) {
        return userJwt(account, seed, validity);
    }

    /** Of a user of the account, who was let in until a minute ago. */
    public String expiredJwt(String seed) {
        long end = System.currentTimeMillis() / 1000 - 60;
        return token(
                account, publicKey(seed), "", "{\"type\":\"user\",\"version\":2},\"exp\":" + end);
    }

    /** A user of an account that the server does not know. */
    public static String strangersJwt(String seed) {
        return userJwt(key(NKey::createAccount), seed, Duration.ofHours(1));
    }

    private static String userJwt(NKey issuer, String seed, Duration validity) {
        try {
            return JwtUtils.issueUserJWT(issuer, id(issuer), publicKey(seed), "u", validity);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whose signature an auth callout is believed by. */
    String accountId() {
        return id(account);
    }

    /**
     * What an auth callout answers: who it is about, for whom, and what.
     *
     * @param audience the id of a server, or the name of an account
     */
    String signed(String subject, String audience, String nats) {
        return token(account, subject, "\"aud\":\"" + audience + "\",", nats);
    }

    /** What a credentials file holds. */
    public static String credentials(String jwt, String seed) {
        return "-----BEGIN NATS USER JWT-----\n"
                + jwt
                + "\n------END NATS USER JWT------\n\n************************* IMPORTANT"
                + " *************************\n\n-----BEGIN USER NKEY SEED-----\n"
                + seed
                + "\n------END USER NKEY SEED------\n";
    }

    /** Lines of a server's configuration that trust the operator and know the account. */
    public String serverConfig() {
        String limits =
                "\"limits\":{\"subs\":-1,\"data\":-1,\"payload\":-1,\"imports\":-1,\"exports\":-1,"
                        + "\"wildcards\":true,\"conn\":-1,\"leaf\":-1%s}";
        String jetStream = ",\"mem_storage\":-1,\"disk_storage\":-1,\"streams\":-1,\"consumer\":-1";
        return "operator: "
                + token(operator, id(operator), "", "{\"type\":\"operator\",\"version\":2}")
                + "\nsystem_account: "
                + id(system)
                + "\nresolver: MEMORY\nresolver_preload: {\n"
                + id(account)
                + ": "
                + token(operator, id(account), "", claim(String.format(limits, jetStream)))
                + "\n"
                + id(system)
                + ": "
                + token(operator, id(system), "", claim(String.format(limits, "")))
                + "\n}\n";
    }

    private static String claim(String limits) {
        return "{\"type\":\"account\",\"version\":2," + limits + "}";
    }

    /** A JWT as the server reads it (ADR-14). */
    private static String token(NKey issuer, String subject, String more, String nats) {
        String header = "{\"typ\":\"JWT\",\"alg\":\"ed25519-nkey\"}";
        String body =
                String.format(
                        "{\"jti\":\"%d\",\"iat\":%d,\"iss\":\"%s\",\"name\":\"n\",%s\"sub\":\"%s\",\"nats\":%s}",
                        System.nanoTime(),
                        System.currentTimeMillis() / 1000,
                        id(issuer),
                        more,
                        subject,
                        nats);
        String signed = base64(header.getBytes(StandardCharsets.UTF_8)) + "." + base64(bytes(body));
        return signed + "." + base64(sign(issuer, bytes(signed)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] sign(NKey key, byte[] content) {
        try {
            return key.sign(content);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64(byte[] content) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(content);
    }
}
