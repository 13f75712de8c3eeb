// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * What {@code docs/operations.md} shows of permissions is what the tests run with; see
 * -Ddocs.update=true.
 */
class PermissionsTest {
    private static final Path FILE =
            Path.of(System.getProperty("project.root", "..")).resolve("docs/operations.md");
    private static final String END = "<!-- end -->\n";

    @Test
    void theDocumentationListsThem() throws Exception {
        check("permissions", Permissions.table());
    }

    @Test
    void theDocumentationShowsHowToShareAStream() throws Exception {
        check("accounts", "```\n" + SharedStream.config() + "```\n");
    }

    private static void check(String name, String made) throws Exception {
        String text = Files.readString(FILE);
        String mark = "<!-- made from the tests: " + name + " -->\n";
        int begin = text.indexOf(mark) + mark.length();
        int end = text.indexOf(END, begin);
        if (Boolean.getBoolean("docs.update")) {
            Files.writeString(FILE, text.substring(0, begin) + made + text.substring(end));
            return;
        }
        assertThat(text.substring(begin, end))
                .as("docs/operations.md; run this test with -Ddocs.update=true")
                .isEqualTo(made);
    }
}
