// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats;

import io.github.flinknats.testing.NatsServer;
import org.apache.flink.connector.testframe.TestResource;

/** The server that Flink's acceptance suites run against. */
public final class SuiteServer implements TestResource {
    private NatsServer server;

    @Override
    public void startUp() {
        server = NatsServer.start();
    }

    @Override
    public void tearDown() {
        server.close();
    }

    public NatsServer server() {
        return server;
    }
}
