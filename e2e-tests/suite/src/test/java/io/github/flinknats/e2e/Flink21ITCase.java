// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.e2e;

class Flink21ITCase extends FlinkTests {
    Flink21ITCase() {
        super("2.1");
    }
}
