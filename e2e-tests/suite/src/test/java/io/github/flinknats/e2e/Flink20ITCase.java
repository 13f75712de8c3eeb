// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.e2e;

class Flink20ITCase extends FlinkTests {
    Flink20ITCase() {
        super("2.0");
    }
}
