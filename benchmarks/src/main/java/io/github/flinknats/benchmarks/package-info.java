// SPDX-License-Identifier: Apache-2.0
/**
 * Measures: a {@code main} each, rivals behind one interface and alternated in one run, results as
 * ratios and medians, because machines are noisy.
 */
@org.jspecify.annotations.NullMarked
package io.github.flinknats.benchmarks;
