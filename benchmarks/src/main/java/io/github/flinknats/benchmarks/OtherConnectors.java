// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.benchmarks;

import java.nio.file.Path;
import java.util.List;

/** What others write with; only there with the Maven profile {@code rivals}. */
public interface OtherConnectors {
    List<WriteRival> start(Path checkpoints) throws Exception;
}
