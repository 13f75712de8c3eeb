// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Free ports below the range that the kernel hands to outgoing connections: a server that is killed
 * and started again must find its port free, not lent to a client that kept trying to reconnect.
 */
public final class Ports {

    private static final int LOWEST = 15_000;
    private static final int HIGHEST = 30_000;
    private static final int ATTEMPTS = 1_000;

    /** Handed out in this JVM: a port stays with its server while that is down. */
    private static final Set<Integer> TAKEN = new HashSet<>();

    private Ports() {}

    public static synchronized int free() {
        for (int i = 0; i < ATTEMPTS; i++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (!TAKEN.contains(port) && canBind(port)) {
                TAKEN.add(port);
                return port;
            }
        }
        throw new IllegalStateException(
                "found no free port between " + LOWEST + " and " + HIGHEST + " on 127.0.0.1");
    }

    public static synchronized void giveBack(int port) {
        TAKEN.remove(port);
    }

    static InetAddress loopback() {
        return InetAddress.getLoopbackAddress();
    }

    private static boolean canBind(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(loopback(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
