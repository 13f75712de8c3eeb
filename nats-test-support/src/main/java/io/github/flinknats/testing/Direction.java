// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.testing;

/** Which way a frame travels through a {@link FaultProxy}. */
public enum Direction {
    FROM_CLIENT,
    FROM_SERVER
}
