// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.publish;

import io.github.flinknats.Stories;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Plays every story in {@code src/test/resources/publish}. */
class PublishWindowScriptTest {
    private static final Stories STORIES = Stories.in("publish");

    static List<String> stories() throws IOException {
        return STORIES.names();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("stories")
    void doesWhatTheStoryTells(String story) throws IOException {
        STORIES.play(story, script -> new PublishWindowScript().play(script));
    }
}
