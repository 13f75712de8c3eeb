// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Free ports below those that the kernel hands to outgoing connections. */
final class Ports {

    private static final int LOWEST = 10_100;
    private static final int HIGHEST = 15_000; // above it are the NATS servers
    private static final int ATTEMPTS = 1_000;

    private Ports() {}

    /** So many different ports, all free now. */
    static int[] free(int count) {
        return ThreadLocalRandom.current()
                .ints(ATTEMPTS, LOWEST, HIGHEST)
                .distinct()
                .filter(Ports::isFree)
                .limit(count)
                .toArray();
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
