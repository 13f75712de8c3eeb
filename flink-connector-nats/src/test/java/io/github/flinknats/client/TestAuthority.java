// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.operator.OutputEncryptor;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** A certificate authority of a test, and what it has signed, in a directory. */
public final class TestAuthority {
    private static final Duration YEAR = Duration.ofDays(365);

    private final Path directory;
    private final KeyPair keys;
    private final X509Certificate certificate;

    private TestAuthority(Path directory, KeyPair keys, X509Certificate certificate) {
        this.directory = directory;
        this.keys = keys;
        this.certificate = certificate;
    }

    /** Makes one; its certificate is {@code <name>.pem}. */
    public static TestAuthority in(Path directory, String name) throws Exception {
        KeyPair keys = pair("EC");
        X509v3CertificateBuilder builder =
                builder(new X500Name("CN=" + name), keys, "CN=" + name, YEAR);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
        X509Certificate certificate = signed(builder, keys.getPrivate());
        TestAuthority authority = new TestAuthority(directory, keys, certificate);
        authority.write(name + ".pem", certificate);
        return authority;
    }

    private static KeyPair pair(String algorithm) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(algorithm.equals("RSA") ? 2_048 : 256);
        return generator.generateKeyPair();
    }

    private static X509v3CertificateBuilder builder(
            X500Name issuer, KeyPair keys, String name, Duration validity) {
        Instant now = Instant.now();
        Instant end = now.plus(validity);
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(64, new SecureRandom()),
                Date.from((end.isBefore(now) ? end : now).minus(Duration.ofHours(1))),
                Date.from(end),
                new X500Name(name),
                keys.getPublic());
    }

    private static X509Certificate signed(X509v3CertificateBuilder builder, PrivateKey by)
            throws Exception {
        return new JcaX509CertificateConverter()
                .getCertificate(
                        builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(by)));
    }

    /** Signs a certificate for these hosts or addresses. */
    public Signed sign(String name, String algorithm, Duration validity, String... hosts)
            throws Exception {
        KeyPair pair = pair(algorithm);
        X509v3CertificateBuilder builder =
                builder(
                        new X500Name(certificate.getSubjectX500Principal().getName()),
                        pair,
                        "CN=" + name,
                        validity);
        List<GeneralName> names = new ArrayList<>();
        for (String host : hosts) {
            boolean address = Character.isDigit(host.charAt(0));
            names.add(new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, host));
        }
        if (!names.isEmpty()) {
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(names.toArray(new GeneralName[0])));
        }
        return new Signed(name, pair, signed(builder, keys.getPrivate()));
    }

    public Signed sign(String name, String... hosts) throws Exception {
        return sign(name, "EC", YEAR, hosts);
    }

    /** Its certificate, as PEM. */
    public Path file(String name) {
        return directory.resolve(name + ".pem");
    }

    /** For clients that trust it, and show a certificate if there is one. */
    public SSLContext clientContext(@Nullable Signed own) throws Exception {
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("ca", certificate);
        trust.init(store);
        KeyManager[] keys = null;
        if (own != null) {
            KeyManagerFactory managers =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(own.store("PKCS12", "p"), "p".toCharArray());
            keys = managers.getKeyManagers();
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trust.getTrustManagers(), null);
        return context;
    }

    /** A store with its certificate. */
    public Path trustStore(String type, String password) throws Exception {
        KeyStore store = KeyStore.getInstance(type);
        store.load(null, null);
        store.setCertificateEntry("ca", certificate);
        return write("trust." + type, store, password);
    }

    private Path write(String name, KeyStore store, String password) throws Exception {
        Path file = directory.resolve(name);
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, password.toCharArray());
        }
        return file;
    }

    private Path write(String name, Object content) throws IOException {
        Path file = directory.resolve(name);
        try (Writer out = Files.newBufferedWriter(file);
                JcaPEMWriter pem = new JcaPEMWriter(out)) {
            pem.writeObject(content);
        }
        return file;
    }

    /** A certificate with its key. */
    public final class Signed {
        private final String name;
        private final KeyPair pair;
        private final X509Certificate own;

        private Signed(String name, KeyPair pair, X509Certificate own) {
            this.name = name;
            this.pair = pair;
            this.own = own;
        }

        public Path certificate() throws IOException {
            return write(name + ".cert.pem", own);
        }

        /** PKCS#8, as openssl writes it today. */
        public Path key() throws Exception {
            return write(name + ".key.pem", new JcaPKCS8Generator(pair.getPrivate(), null));
        }

        /** PKCS#1, as it was written before; of an RSA key. */
        public Path oldKey() throws Exception {
            return write(name + ".old.pem", pair.getPrivate());
        }

        public Path encryptedKey(String password) throws Exception {
            OutputEncryptor encryptor =
                    new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                            .setProvider(new BouncyCastleProvider())
                            .setPRF(PKCS8Generator.PRF_HMACSHA256)
                            .setPassword(password.toCharArray())
                            .build();
            return write(
                    name + ".encrypted.pem", new JcaPKCS8Generator(pair.getPrivate(), encryptor));
        }

        public Path keyStore(String type, String password) throws Exception {
            return write(name + "." + type, store(type, password), password);
        }

        private KeyStore store(String type, String password) throws Exception {
            KeyStore store = KeyStore.getInstance(type);
            store.load(null, null);
            store.setKeyEntry(
                    "key",
                    pair.getPrivate(),
                    password.toCharArray(),
                    new Certificate[] {own, certificate});
            return store;
        }

        /** A block for a server's configuration, with more lines in it. */
        public String serverConfig(String... more) throws Exception {
            return String.format(
                    "tls {\n  cert_file: \"%s\"\n  key_file: \"%s\"\n  %s\n}",
                    certificate(), key(), String.join("\n  ", more));
        }
    }
}
