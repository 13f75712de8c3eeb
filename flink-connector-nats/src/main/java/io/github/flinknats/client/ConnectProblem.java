// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Why TLS does not come about, by what the JDK and the client say, with what it means and what
 * helps. The first that fits counts.
 */
enum ConnectProblem {
    OTHER_HOST(
            "No subject alternative|No name matching|hostname|host name",
            "the server's certificate is not for this host name",
            "write the host in 'nats.server-url' as the certificate names it"),
    EXPIRED(
            "NotAfter|validity check failed|timestamp check failed|certificate_expired",
            "a certificate has expired",
            "renew it: the server's, or that of 'nats.tls.cert-file' or 'nats.tls.keystore'"),
    NOT_TRUSTED(
            "unable to find valid certification path|path building failed|trust ?[Aa]nchor|path"
                    + " validation failed",
            "the server's certificate is not trusted",
            "set 'nats.tls.ca-file' or 'nats.tls.truststore' to what has signed it"),
    NO_CLIENT_CERTIFICATE(
            "bad_certificate|certificate_required|certificate_unknown|unknown_ca|handshake_failure",
            "the server wants a client certificate that it trusts",
            "set 'nats.tls.cert-file' and 'nats.tls.key-file', or 'nats.tls.keystore'"),
    TLS_REQUIRED(
            "SSL required by server",
            "the server requires TLS",
            "write tls:// in 'nats.server-url'"),
    TLS_NOT_OFFERED(
            "SSL connection wanted by client",
            "the server does not offer TLS",
            "write nats:// in 'nats.server-url' and remove the options 'nats.tls.…'"),
    TLS_NOT_FIRST(
            "[Uu]nrecognized SSL message|plaintext connection",
            "the server does not begin with TLS",
            "remove 'nats.tls.first', or check the port in 'nats.server-url'");

    private final Pattern texts;
    private final String meaning;
    private final String remedy;

    ConnectProblem(String texts, String meaning, String remedy) {
        this.texts = Pattern.compile(texts);
        this.meaning = meaning;
        this.remedy = remedy;
    }

    /** Null for what is not a problem of TLS. */
    static @Nullable ConnectProblem of(@Nullable Throwable thrown) {
        for (ConnectProblem problem : values()) {
            for (Throwable t = thrown; t != null; t = t.getCause()) {
                if (problem.texts.matcher(String.valueOf(t)).find()) {
                    return problem;
                }
            }
        }
        return null;
    }

    String meaning() {
        return meaning;
    }

    String remedy() {
        return remedy;
    }
}
