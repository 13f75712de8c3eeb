// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Free ports below those that the kernel hands to outgoing connections. Test JVMs that run side by
 * side have ranges of their own, as a port is free until the process that was given it is up.
 */
final class Ports {

    private static final int RANGE = 500;
    private static final int LOWEST = 10_000 + RANGE * Integer.getInteger("e2e.fork", 1);
    private static final int ATTEMPTS = 1_000;

    private Ports() {}

    /** So many different ports, all free now. */
    static int[] free(int count) {
        return ThreadLocalRandom.current()
                .ints(ATTEMPTS, LOWEST, LOWEST + RANGE)
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
