// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.KeyManagementException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/**
 * A context whose sockets verify that the certificate is for the host, as browsers do (RFC 2818).
 * The NATS client leaves that out.
 */
final class VerifyingContext extends SSLContext {

    private VerifyingContext(Spi spi, SSLContext inner) {
        super(spi, inner.getProvider(), inner.getProtocol());
    }

    /**
     * Adds the verification to a context.
     *
     * @param hosts of the server list. A cluster tells the client of further servers by their
     *     addresses, which few certificates have in them: these must have the first host's
     *     certificate
     */
    static SSLContext around(SSLContext inner, List<String> hosts) {
        return new VerifyingContext(new Spi(inner, new ArrayList<>(hosts)), inner);
    }

    private static final class Spi extends SSLContextSpi {
        private final SSLContext inner;
        private final List<String> hosts;

        Spi(SSLContext inner, List<String> hosts) {
            this.inner = inner;
            this.hosts = hosts;
        }

        @Override
        protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random)
                throws KeyManagementException {
            inner.init(keys, trust, random);
        }

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            return new Sockets(inner.getSocketFactory(), hosts);
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            return inner.getServerSocketFactory();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            return inner.createSSLEngine();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            return inner.createSSLEngine(host, port);
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            return inner.getServerSessionContext();
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            return inner.getClientSessionContext();
        }
    }

    private static final class Sockets extends SSLSocketFactory {
        private final SSLSocketFactory inner;
        private final List<String> hosts;

        Sockets(SSLSocketFactory inner, List<String> hosts) {
            this.inner = inner;
            this.hosts = hosts;
        }

        private Socket verifying(Socket socket) {
            SSLSocket secure = (SSLSocket) socket;
            SSLParameters parameters = secure.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            secure.setSSLParameters(parameters);
            return secure;
        }

        /** What the client calls. */
        @Override
        public Socket createSocket(Socket socket, String host, int port, boolean autoClose)
                throws IOException {
            boolean discovered = !hosts.contains(host) && host.matches("[0-9.]+|.*:.*");
            String name = discovered && !hosts.isEmpty() ? hosts.get(0) : host;
            return verifying(inner.createSocket(socket, name, port, autoClose));
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return verifying(inner.createSocket(host, port));
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress from, int fromPort)
                throws IOException {
            return verifying(inner.createSocket(host, port, from, fromPort));
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            return verifying(inner.createSocket(host, port));
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort)
                throws IOException {
            return verifying(inner.createSocket(host, port, from, fromPort));
        }

        @Override
        public String[] getDefaultCipherSuites() {
            return inner.getDefaultCipherSuites();
        }

        @Override
        public String[] getSupportedCipherSuites() {
            return inner.getSupportedCipherSuites();
        }
    }
}
