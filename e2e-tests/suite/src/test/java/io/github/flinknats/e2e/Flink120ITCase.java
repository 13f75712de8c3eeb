// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.e2e;

class Flink120ITCase extends FlinkTests {
    Flink120ITCase() {
        super("1.20");
    }
}
