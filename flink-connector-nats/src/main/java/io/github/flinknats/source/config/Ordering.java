// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.config;

import org.apache.flink.annotation.PublicEvolving;

/** The scope within which records arrive in stream order. */
@PublicEvolving
public enum Ordering {
    /** All filters of a stream are read by one cursor: one split, one order, one watermark. */
    STREAM,
    /** Each filter is a split of its own: filters are read in parallel, each in stream order. */
    FILTER
}
