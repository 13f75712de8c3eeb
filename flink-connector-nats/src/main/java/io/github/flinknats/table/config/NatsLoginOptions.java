// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table.config;

import static org.apache.flink.configuration.ConfigOptions.key;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.configuration.ConfigOption;

/** The options of logging in and of TLS; part of {@link NatsOptions}. */
@PublicEvolving
public final class NatsLoginOptions {

    public static final ConfigOption<String> USER =
            key("nats.user")
                    .stringType()
                    .noDefaultValue()
                    .withDescription("The user to log in as; needs 'nats.password'.");

    public static final ConfigOption<String> PASSWORD =
            key("nats.password")
                    .stringType()
                    .noDefaultValue()
                    .withDescription("The password of 'nats.user'.");

    public static final ConfigOption<String> TOKEN =
            key("nats.token")
                    .stringType()
                    .noDefaultValue()
                    .withDescription("The token to log in with.");

    public static final ConfigOption<String> NKEY_SECRET =
            key("nats.nkey-secret")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "The seed of the user's NKey, which begins with 'SU': it signs what the"
                                    + " server asks, and is never sent.");

    public static final ConfigOption<String> JWT_TOKEN =
            key("nats.jwt-token")
                    .stringType()
                    .noDefaultValue()
                    .withDescription("The user's JWT; needs the NKey, 'nats.nkey-secret'.");

    public static final ConfigOption<String> CREDENTIALS_SECRET =
            key("nats.credentials-secret")
                    .stringType()
                    .noDefaultValue()
                    .withDescription("What a credentials file holds: the user's JWT and NKey.");

    public static final ConfigOption<String> CREDENTIALS_FILE =
            key("nats.credentials-file")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "The path of a credentials file, on every node. It is read for each"
                                    + " connection, so it may be renewed while a job runs.");

    public static final ConfigOption<String> TLS_CA_FILE =
            key("nats.tls.ca-file")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "The path, on every node, of a PEM file with the certificates to trust,"
                                    + " instead of those that Java trusts. It and the other options"
                                    + " of TLS encrypt connections to every server of the list.");

    public static final ConfigOption<String> TLS_CERT_FILE =
            key("nats.tls.cert-file")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "The path, on every node, of a PEM file with the certificate to show to"
                                    + " servers that want one; needs 'nats.tls.key-file'.");

    public static final ConfigOption<String> TLS_KEY_FILE =
            key("nats.tls.key-file")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "The path, on every node, of a PEM file with the key of"
                                    + " 'nats.tls.cert-file'. If the key is encrypted, its password"
                                    + " is 'nats.tls.keystore-password'.");

    public static final ConfigOption<String> TLS_TRUSTSTORE =
            key("nats.tls.truststore")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "The path, on every node, of a JKS or PKCS12 store with the certificates"
                                    + " to trust, instead of those that Java trusts.");

    public static final ConfigOption<String> TLS_TRUSTSTORE_PASSWORD =
            key("nats.tls.truststore-password")
                    .stringType()
                    .noDefaultValue()
                    .withDescription("The password of 'nats.tls.truststore'.");

    public static final ConfigOption<String> TLS_KEYSTORE =
            key("nats.tls.keystore")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "The path, on every node, of a JKS or PKCS12 store with the certificate"
                                    + " to show to servers that want one, and its key.");

    public static final ConfigOption<String> TLS_KEYSTORE_PASSWORD =
            key("nats.tls.keystore-password")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "The password of 'nats.tls.keystore' and of the key in it, or of"
                                    + " 'nats.tls.key-file'.");

    public static final ConfigOption<Boolean> TLS_FIRST =
            key("nats.tls.first")
                    .booleanType()
                    .defaultValue(false)
                    .withDescription(
                            "Begin with TLS before the server has said anything, as servers with"
                                    + " 'handshake_first' want it.");

    private static final List<ConfigOption<?>> ALL =
            Collections.unmodifiableList(
                    Arrays.asList(
                            USER,
                            PASSWORD,
                            TOKEN,
                            NKEY_SECRET,
                            JWT_TOKEN,
                            CREDENTIALS_SECRET,
                            CREDENTIALS_FILE,
                            TLS_CA_FILE,
                            TLS_CERT_FILE,
                            TLS_KEY_FILE,
                            TLS_TRUSTSTORE,
                            TLS_TRUSTSTORE_PASSWORD,
                            TLS_KEYSTORE,
                            TLS_KEYSTORE_PASSWORD,
                            TLS_FIRST));

    private NatsLoginOptions() {}

    static List<ConfigOption<?>> all() {
        return ALL;
    }
}
