// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.OwnServer;
import io.github.flinknats.testing.TestStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every SQL statement in the documentation works as it stands. */
@ExtendWith(NatsServerExtension.class)
@OwnServer(
        config =
                "authorization { users = [ { user: flink, password: secret } ] }\n"
                        + "no_auth_user: flink",
        login = "flink:secret")
@Timeout(120)
class DocsSqlITCase {
    private static final Pattern SQL_BLOCK = Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL);

    @RegisterExtension static final MiniClusterExtension CLUSTER = SqlFixture.cluster();

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/guide.md"})
    void theSqlOfTheDocumentationRuns(String file, NatsServer server) throws Exception {
        TestStream orders =
                TestStream.create(server, stream -> stream.name("ORDERS").subjects("orders.>"));
        for (int id = 1; id <= 20; id++) {
            orders.publishTo(
                    "orders.eu." + id,
                    "{\"id\": "
                            + id
                            + ", \"region\": \"eu\", \"amount\": 9.5, \"status\": \"new\"}");
        }
        List<String> statements = statements(file);
        assertThat(statements).isNotEmpty();
        for (String statement : statements) {
            run(statement.replace("localhost:4222", server.hostPort()));
        }
    }

    private static List<String> statements(String file) throws Exception {
        String root = System.getProperty("project.root", "..");
        Matcher blocks = SQL_BLOCK.matcher(Files.readString(Path.of(root, file)));
        List<String> statements = new ArrayList<>();
        while (blocks.find()) {
            for (String statement : blocks.group(1).split(";\\s*\n")) {
                if (!statement.isBlank()) {
                    statements.add(statement.trim());
                }
            }
        }
        return statements;
    }

    private void run(String statement) throws Exception {
        if (statement.startsWith("SELECT")) {
            SqlFixture.Running query = sql.start(statement);
            assertThat(query.next(1)).as(statement).hasSize(1);
            if (!query.job().getJobStatus().get().isGloballyTerminalState()) {
                query.job().cancel().get(); // The next one needs its slots.
            }
        } else if (statement.startsWith("INSERT")) {
            sql.insert(statement);
        } else if (statement.startsWith("SET")) {
            String[] parts = statement.split("'"); // SET 'key' = 'value'
            sql.set(parts[1], parts[3]);
        } else {
            sql.execute(statement);
        }
    }
}
