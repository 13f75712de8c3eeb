// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import io.github.flinknats.client.TlsSettings.KeyFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Reads what {@link TlsSettings} name, and makes of it what the client wants. */
final class TlsContext {
    private static final char[] IN_MEMORY = new char[0];

    private TlsContext() {}

    /**
     * A context for the servers of the settings, or null if none is encrypted.
     *
     * @throws NatsFailure when a file cannot be used
     */
    static @Nullable SSLContext of(ConnectionSettings settings, ConnectFailures failures) {
        TlsSettings tls = settings.tls();
        if (tls == null) {
            if (!settings.servers().isEncrypted()) {
                return null;
            }
            tls = TlsSettings.defaults();
        }
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(identity(tls.identity(), failures), trusted(tls.trust(), failures), null);
            return VerifyingContext.around(context, settings.servers().hosts());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java has no TLS", e);
        }
    }

    private static TrustManager @Nullable [] trusted(
            @Nullable KeyFile file, ConnectFailures failures) {
        if (file == null) {
            return null; // Those of the JDK.
        }
        String option = file.isStore() ? "nats.tls.truststore" : "nats.tls.ca-file";
        return read(
                failures,
                (file.isStore() ? "trust store " : "certificates ") + file.path(),
                option,
                () -> {
                    KeyStore store = file.isStore() ? load(file) : empty();
                    if (!file.isStore()) {
                        int number = 0;
                        for (Certificate one : PemFile.read(file.path()).certificates()) {
                            store.setCertificateEntry("ca" + number++, one);
                        }
                    }
                    TrustManagerFactory factory =
                            TrustManagerFactory.getInstance(
                                    TrustManagerFactory.getDefaultAlgorithm());
                    factory.init(store);
                    return factory.getTrustManagers();
                });
    }

    private static KeyManager @Nullable [] identity(
            @Nullable KeyFile file, ConnectFailures failures) {
        if (file == null) {
            return null;
        }
        String key = file.key();
        if (key == null) {
            return read(
                    failures,
                    "key store " + file.path(),
                    "nats.tls.keystore",
                    () -> managers(load(file), file.password()));
        }
        List<Certificate> chain =
                read(
                        failures,
                        "certificate " + file.path(),
                        "nats.tls.cert-file",
                        () -> PemFile.read(file.path()).certificates());
        return read(
                failures,
                "key " + key,
                "nats.tls.key-file",
                () -> {
                    KeyStore store = empty();
                    store.setKeyEntry(
                            "key",
                            PemFile.read(key).key(file.password()),
                            IN_MEMORY,
                            chain.toArray(new Certificate[0]));
                    return managers(store, IN_MEMORY);
                });
    }

    private static KeyManager[] managers(KeyStore store, char @Nullable [] password)
            throws GeneralSecurityException {
        KeyManagerFactory factory =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, password == null ? IN_MEMORY : password);
        return factory.getKeyManagers();
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /** Of either kind: the JDK tells them apart. */
    private static KeyStore load(KeyFile file) throws GeneralSecurityException, IOException {
        try (InputStream in = Files.newInputStream(Paths.get(file.path()))) {
            KeyStore store = KeyStore.getInstance("JKS");
            store.load(in, file.password());
            return store;
        }
    }

    private static <T> T read(
            ConnectFailures failures, String what, String option, Reading<T> reading) {
        try {
            return reading.read();
        } catch (IOException e) {
            throw failures.unreadable(what, e, option);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw failures.unusable(what, Failures.text(e) + '.', option);
        }
    }

    private interface Reading<T> {
        T read() throws IOException, GeneralSecurityException;
    }
}
