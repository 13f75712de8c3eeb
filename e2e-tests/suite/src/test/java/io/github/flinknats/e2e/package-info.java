// SPDX-License-Identifier: Apache-2.0
/**
 * The built uber jar in real Flink processes: separate JVMs that can be killed, the real SQL
 * client, the SQL gateway. Knows the connector by its options only; none of its classes are on the
 * class path here. Start with {@code FlinkTests}, then {@code FlinkProcesses}.
 */
package io.github.flinknats.e2e;
