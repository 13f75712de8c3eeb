// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table.config;

import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.client.Credentials;
import io.github.flinknats.client.Timeouts;
import io.github.flinknats.client.TlsSettings;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.ValidationException;
import org.jspecify.annotations.Nullable;

/** Reads how to reach and enter a NATS system. {@link TableRules} holds already. */
final class ConnectionReader {
    private final ReadableConfig options;

    ConnectionReader(ReadableConfig options) {
        this.options = options;
    }

    /**
     * Everything about connecting.
     *
     * @param tableName names the connection when no option does
     */
    ConnectionSettings read(String tableName) {
        ConnectionSettings settings = with(NatsOptions.SERVER_URL, ConnectionSettings::of);
        settings = withTls(withLogin(settings));
        settings =
                settings.withTimeouts(timeouts())
                        .withConnectionName(
                                isSet(NatsOptions.CONNECTION_NAME)
                                        ? with(NatsOptions.CONNECTION_NAME, OptionReader::notBlank)
                                        : tableName);
        settings = with(NatsOptions.INBOX_PREFIX, settings::withInboxPrefix);
        if (isSet(NatsOptions.DOMAIN)) {
            settings = with(NatsOptions.DOMAIN, settings::withDomain);
        }
        if (isSet(NatsOptions.API_PREFIX)) {
            settings = with(NatsOptions.API_PREFIX, settings::withApiPrefix);
        }
        return withProperties(settings);
    }

    private ConnectionSettings withLogin(ConnectionSettings settings) {
        Credentials login = login();
        if (login.equals(Credentials.none())) {
            return settings;
        }
        if (settings.servers().hasUserInfo()) {
            throw new ValidationException(
                    String.format(
                            "'%s' carries a login (%s), and other options give another one: remove"
                                    + " one of them, best the one in the URL, which Flink prints.",
                            NatsOptions.SERVER_URL.key(), settings.servers()));
        }
        return settings.withCredentials(login);
    }

    private Credentials login() {
        if (isSet(NatsLoginOptions.USER)) {
            return Credentials.userPassword(
                    with(NatsLoginOptions.USER, OptionReader::notBlank),
                    Objects.requireNonNull(text(NatsLoginOptions.PASSWORD)));
        }
        if (isSet(NatsLoginOptions.TOKEN)) {
            return with(
                    NatsLoginOptions.TOKEN,
                    token -> Credentials.token(OptionReader.notBlank(token)));
        }
        if (isSet(NatsLoginOptions.NKEY_SECRET)) {
            Credentials nkey = with(NatsLoginOptions.NKEY_SECRET, Credentials::nkey);
            String seed = Objects.requireNonNull(text(NatsLoginOptions.NKEY_SECRET));
            return isSet(NatsLoginOptions.JWT_TOKEN)
                    ? with(NatsLoginOptions.JWT_TOKEN, jwt -> Credentials.jwt(jwt, seed))
                    : nkey;
        }
        if (isSet(NatsLoginOptions.CREDENTIALS_SECRET)) {
            return with(NatsLoginOptions.CREDENTIALS_SECRET, Credentials::credentials);
        }
        return isSet(NatsLoginOptions.CREDENTIALS_FILE)
                ? with(
                        NatsLoginOptions.CREDENTIALS_FILE,
                        path -> Credentials.credentialsFile(OptionReader.notBlank(path)))
                : Credentials.none();
    }

    private ConnectionSettings withTls(ConnectionSettings settings) {
        TlsSettings tls = TlsSettings.defaults();
        if (isSet(NatsLoginOptions.TLS_CA_FILE)) {
            tls = tls.withCaFile(path(NatsLoginOptions.TLS_CA_FILE));
        }
        if (isSet(NatsLoginOptions.TLS_TRUSTSTORE)) {
            tls =
                    tls.withTruststore(
                            path(NatsLoginOptions.TLS_TRUSTSTORE),
                            text(NatsLoginOptions.TLS_TRUSTSTORE_PASSWORD));
        }
        String password = text(NatsLoginOptions.TLS_KEYSTORE_PASSWORD);
        if (isSet(NatsLoginOptions.TLS_CERT_FILE)) {
            tls =
                    tls.withCertificate(
                            path(NatsLoginOptions.TLS_CERT_FILE),
                            path(NatsLoginOptions.TLS_KEY_FILE),
                            password);
        }
        if (isSet(NatsLoginOptions.TLS_KEYSTORE)) {
            tls = tls.withKeystore(path(NatsLoginOptions.TLS_KEYSTORE), password);
        }
        tls = tls.withTlsFirst(options.get(NatsLoginOptions.TLS_FIRST));
        if (tls.equals(TlsSettings.defaults())) {
            return settings;
        }
        TlsSettings chosen = tls;
        return OptionReader.checked(NatsOptions.SERVER_URL.key(), () -> settings.withTls(chosen));
    }

    private Timeouts timeouts() {
        Timeouts timeouts = Timeouts.defaults();
        timeouts = with(NatsOptions.CONNECT_TIMEOUT, timeouts::withConnect);
        timeouts = with(NatsOptions.REQUEST_TIMEOUT, timeouts::withRequest);
        return with(NatsOptions.OUTAGE_TIMEOUT, timeouts::withOutage);
    }

    private ConnectionSettings withProperties(ConnectionSettings settings) {
        Map<String, String> properties =
                options.getOptional(NatsOptions.PROPERTIES).orElse(Collections.emptyMap());
        properties.forEach(
                (key, value) ->
                        OptionReader.checked(
                                NatsOptions.PROPERTIES.key() + "." + key,
                                () ->
                                        settings.withProperties(
                                                Collections.singletonMap(key, value))));
        return properties.isEmpty() ? settings : settings.withProperties(properties);
    }

    private boolean isSet(ConfigOption<?> option) {
        return options.getOptional(option).isPresent();
    }

    private @Nullable String text(ConfigOption<String> option) {
        return options.getOptional(option).orElse(null);
    }

    private String path(ConfigOption<String> option) {
        return with(option, OptionReader::notBlank);
    }

    private <V, T> T with(ConfigOption<V> option, Function<V, T> conversion) {
        return OptionReader.checked(
                option.key(), () -> conversion.apply(Objects.requireNonNull(options.get(option))));
    }
}
