// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.enumerator;

import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.source.config.ReadPlan;
import io.github.flinknats.source.config.ReadSettings;
import java.util.OptionalLong;
import org.apache.flink.annotation.Internal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How much there is to read, for those who plan queries. Blocks. */
@Internal
public final class MessageCount {
    private static final Logger LOG = LoggerFactory.getLogger(MessageCount.class);

    private MessageCount() {}

    /** The messages of a plan with an end; empty when the server does not tell. */
    public static OptionalLong of(
            ConnectionSettings connection, ReadPlan plan, ReadSettings settings) {
        try {
            return OptionalLong.of(new ReadPlanner(connection, plan, settings).count());
        } catch (RuntimeException e) { // A query can be planned where files are missing, too.
            LOG.info("The query is planned without knowing how much there is to read", e);
            return OptionalLong.empty();
        }
    }
}
