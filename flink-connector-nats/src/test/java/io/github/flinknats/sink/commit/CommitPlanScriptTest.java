// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.commit;

import io.github.flinknats.Stories;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Plays every story in {@code src/test/resources/commit}. */
class CommitPlanScriptTest {
    private static final Stories STORIES = Stories.in("commit");

    static List<String> stories() throws IOException {
        return STORIES.names();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("stories")
    void doesWhatTheStoryTells(String story) throws IOException {
        STORIES.play(story, script -> new CommitPlanScript().play(script));
    }
}
