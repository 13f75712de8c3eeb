// SPDX-License-Identifier: Apache-2.0
/** The data of {@code ./quickstart}: a server and a shop that never closes. */
package io.github.flinknats.quickstart;
