// SPDX-License-Identifier: Apache-2.0
/** Apache Flink connector for NATS JetStream. */
@org.jspecify.annotations.NullMarked
package io.github.flinknats;
