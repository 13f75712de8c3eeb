// SPDX-License-Identifier: Apache-2.0
/** Other connectors, for comparison: compiled with the Maven profile {@code rivals} only. */
@org.jspecify.annotations.NullMarked
package io.github.flinknats.benchmarks.rivals;
