// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.e2e;

class Flink22ITCase extends FlinkTests {
    Flink22ITCase() {
        super("2.2");
    }
}
