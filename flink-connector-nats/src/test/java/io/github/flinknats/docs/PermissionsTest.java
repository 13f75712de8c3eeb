// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The table in {@code docs/operations.md} is what the tests run with; see -Ddocs.update=true. */
class PermissionsTest {
    private static final Path FILE =
            Path.of(System.getProperty("project.root", "..")).resolve("docs/operations.md");
    private static final String BEGIN = "<!-- made from the tests: permissions -->\n";
    private static final String END = "<!-- end -->\n";

    @Test
    void theDocumentationListsThem() throws Exception {
        String text = Files.readString(FILE);
        int begin = text.indexOf(BEGIN) + BEGIN.length();
        int end = text.indexOf(END, begin);
        if (Boolean.getBoolean("docs.update")) {
            Files.writeString(
                    FILE, text.substring(0, begin) + Permissions.table() + text.substring(end));
            return;
        }
        assertThat(text.substring(begin, end))
                .as("docs/operations.md; run this test with -Ddocs.update=true")
                .isEqualTo(Permissions.table());
    }
}
