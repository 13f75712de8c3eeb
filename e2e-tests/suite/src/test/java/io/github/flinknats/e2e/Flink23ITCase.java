// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.e2e;

class Flink23ITCase extends FlinkTests {
    Flink23ITCase() {
        super("2.3");
    }
}
