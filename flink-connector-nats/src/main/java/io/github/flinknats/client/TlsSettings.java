// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import java.io.Serializable;
import java.util.Objects;
import org.apache.flink.annotation.PublicEvolving;
import org.jspecify.annotations.Nullable;

/**
 * How connections are encrypted: whom to trust, and who this is. Files are read on every node when
 * a connection is opened. The server's host name is always verified. Immutable; each {@code with}
 * method returns a copy.
 */
@PublicEvolving
public final class TlsSettings implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final TlsSettings DEFAULTS = new TlsSettings(null, null, false);

    private final @Nullable KeyFile trust;
    private final @Nullable KeyFile identity;
    private final boolean first;

    private TlsSettings(@Nullable KeyFile trust, @Nullable KeyFile identity, boolean first) {
        this.trust = trust;
        this.identity = identity;
        this.first = first;
    }

    /**
     * Trusts what the JDK trusts, shows no certificate of its own, waits for the server to begin.
     */
    public static TlsSettings defaults() {
        return DEFAULTS;
    }

    /**
     * Trusts what these certificates have signed, and nothing else.
     *
     * @param path of a PEM file with one certificate or several
     */
    public TlsSettings withCaFile(String path) {
        return new TlsSettings(new KeyFile(path, null, null), identity, first);
    }

    /**
     * Trusts what the certificates of this store have signed, and nothing else.
     *
     * @param path of a JKS or PKCS12 file
     * @param password of the store, or null
     */
    public TlsSettings withTruststore(String path, @Nullable String password) {
        return new TlsSettings(KeyFile.store(path, password), identity, first);
    }

    /**
     * Shows this certificate to servers that ask for one.
     *
     * @param certificates path of a PEM file with the certificate, followed by those that lead to
     *     the one that the server trusts
     * @param key path of a PEM file with its key: PKCS#8, PKCS#1 or SEC 1
     * @param password of the key, or null if it is not encrypted
     */
    public TlsSettings withCertificate(String certificates, String key, @Nullable String password) {
        return new TlsSettings(
                trust,
                new KeyFile(certificates, Objects.requireNonNull(key), secret(password)),
                first);
    }

    /**
     * Shows a certificate of this store to servers that ask for one.
     *
     * @param path of a JKS or PKCS12 file
     * @param password of the store and of the key in it, or null
     */
    public TlsSettings withKeystore(String path, @Nullable String password) {
        return new TlsSettings(trust, KeyFile.store(path, password), first);
    }

    /** Begins with TLS before the server has said anything, for servers with handshake_first. */
    public TlsSettings withTlsFirst(boolean begin) {
        return new TlsSettings(trust, identity, begin);
    }

    private static @Nullable Secret secret(@Nullable String password) {
        return password == null ? null : Secret.of(password);
    }

    @Nullable KeyFile trust() {
        return trust;
    }

    @Nullable KeyFile identity() {
        return identity;
    }

    boolean isFirst() {
        return first;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TlsSettings
                && Objects.equals(trust, ((TlsSettings) other).trust)
                && Objects.equals(identity, ((TlsSettings) other).identity)
                && first == ((TlsSettings) other).first;
    }

    @Override
    public int hashCode() {
        return Objects.hash(trust, identity, first);
    }

    @Override
    public String toString() {
        return "TLS"
                + (first ? " first" : "")
                + (trust == null ? "" : ", trusting " + trust)
                + (identity == null ? "" : ", as " + identity);
    }

    /** A store, or a PEM file and perhaps the file of its key. */
    static final class KeyFile implements Serializable {
        private static final long serialVersionUID = 1L;

        private final String path;
        private final @Nullable String key;
        private final @Nullable Secret password;
        private final boolean store;

        private KeyFile(String path, @Nullable String key, @Nullable Secret password) {
            this(path, key, password, false);
        }

        private KeyFile(
                String path, @Nullable String key, @Nullable Secret password, boolean store) {
            this.path = Objects.requireNonNull(path, "path");
            this.key = key;
            this.password = password;
            this.store = store;
        }

        private static KeyFile store(String path, @Nullable String password) {
            return new KeyFile(path, null, secret(password), true);
        }

        String path() {
            return path;
        }

        /** The PEM file of the key; null for a store, or where no key is needed. */
        @Nullable String key() {
            return key;
        }

        char @Nullable [] password() {
            return password == null ? null : password.reveal().toCharArray();
        }

        boolean isStore() {
            return store;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            if (!(other instanceof KeyFile)) {
                return false;
            }
            KeyFile that = (KeyFile) other;
            return path.equals(that.path)
                    && Objects.equals(key, that.key)
                    && Objects.equals(password, that.password)
                    && store == that.store;
        }

        @Override
        public int hashCode() {
            return Objects.hash(path, key, password, store);
        }

        @Override
        public String toString() {
            return path;
        }
    }
}
