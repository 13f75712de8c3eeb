// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.jspecify.annotations.Nullable;

/** Certificates and a key as text (RFC 7468). */
final class PemFile {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

    private static final String NO_KEY =
            "It holds no key that can be read; openssl pkcs8 -topk8 writes one.";

    private final String text;

    private PemFile(String text) {
        this.text = text;
    }

    static PemFile read(String path) throws IOException {
        return new PemFile(
                new String(Files.readAllBytes(Paths.get(path)), StandardCharsets.US_ASCII));
    }

    /**
     * All certificates, in their order.
     *
     * @throws IllegalArgumentException when there is none
     */
    List<Certificate> certificates() throws GeneralSecurityException {
        List<Certificate> certificates = new ArrayList<>();
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        Matcher block = BLOCK.matcher(text);
        while (block.find()) {
            if (Objects.requireNonNull(block.group(1)).endsWith("CERTIFICATE")) {
                certificates.add(
                        factory.generateCertificate(new ByteArrayInputStream(content(block))));
            }
        }
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("It holds no certificate in PEM form.");
        }
        return certificates;
    }

    /**
     * The first key.
     *
     * @throws IllegalArgumentException when there is none, or its password is missing or wrong
     */
    PrivateKey key(char @Nullable [] password) throws GeneralSecurityException, IOException {
        Matcher block = BLOCK.matcher(text);
        while (block.find()) {
            PrivateKeyInfo info = info(block, password);
            if (info != null) {
                return key(info);
            }
        }
        throw new IllegalArgumentException(NO_KEY);
    }

    /** What the block says of a key, null when it is another thing. */
    private static @Nullable PrivateKeyInfo info(Matcher block, char @Nullable [] password)
            throws GeneralSecurityException, IOException {
        byte[] content = content(block);
        switch (Objects.requireNonNull(block.group(1))) {
            case "PRIVATE KEY":
                return parsed(content, PrivateKeyInfo::getInstance);
            case "RSA PRIVATE KEY":
                RSAPrivateKey rsa = parsed(content, RSAPrivateKey::getInstance);
                return new PrivateKeyInfo(
                        new AlgorithmIdentifier(
                                PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                        rsa);
            case "EC PRIVATE KEY":
                ECPrivateKey key = parsed(content, ECPrivateKey::getInstance);
                return new PrivateKeyInfo(
                        new AlgorithmIdentifier(
                                X9ObjectIdentifiers.id_ecPublicKey, key.getParametersObject()),
                        key);
            case "ENCRYPTED PRIVATE KEY":
                return parsed(decrypted(content, password), PrivateKeyInfo::getInstance);
            default:
                return null; // Certificates, and parameters of a curve.
        }
    }

    /** Of garbage, parsers make exceptions of all kinds, or nothing. */
    private static <T> T parsed(byte[] content, Function<byte[], @Nullable T> parser) {
        try {
            return Objects.requireNonNull(parser.apply(content));
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(NO_KEY, e);
        }
    }

    private static PrivateKey key(PrivateKeyInfo info)
            throws GeneralSecurityException, IOException {
        String id = info.getPrivateKeyAlgorithm().getAlgorithm().getId();
        // The JDK knows other kinds by their ids, but not this one.
        String algorithm = id.equals(X9ObjectIdentifiers.id_ecPublicKey.getId()) ? "EC" : id;
        return KeyFactory.getInstance(algorithm)
                .generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
    }

    private static byte[] decrypted(byte[] content, char @Nullable [] password)
            throws GeneralSecurityException, IOException {
        if (password == null) {
            throw new IllegalArgumentException(
                    "Its key is encrypted: set 'nats.tls.keystore-password'.");
        }
        EncryptedPrivateKeyInfo info;
        try {
            info = new EncryptedPrivateKeyInfo(content);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "Its key is encrypted in a way that Java does not know; openssl pkcs8 -topk8"
                            + " -v2 aes-256-cbc writes one that it knows.",
                    e);
        }
        String algorithm = info.getAlgParameters().toString(); // Of PBES2, whose name says little.
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(
                Cipher.DECRYPT_MODE,
                SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(password)),
                info.getAlgParameters());
        try {
            return cipher.doFinal(info.getEncryptedData());
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "Its key cannot be decrypted: check 'nats.tls.keystore-password'.", e);
        }
    }

    private static byte[] content(Matcher block) {
        try {
            return Base64.getMimeDecoder().decode(Objects.requireNonNull(block.group(2)));
        } catch (IllegalArgumentException e) { // Its message may hold parts of a key.
            throw new IllegalArgumentException("A block of it is not Base64.");
        }
    }
}
