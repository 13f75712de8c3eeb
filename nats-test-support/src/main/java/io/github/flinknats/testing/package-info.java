// SPDX-License-Identifier: Apache-2.0
/** Real NATS servers for tests. */
@org.jspecify.annotations.NullMarked
package io.github.flinknats.testing;
