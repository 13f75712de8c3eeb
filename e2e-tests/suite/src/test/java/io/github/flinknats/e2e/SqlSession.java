// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.e2e;

import io.github.flinknats.testing.Await;
import io.nats.client.support.Encoding;
import io.nats.client.support.JsonValueUtils;
import java.io.IOException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A session of the SQL gateway that has loaded the connector's jar. */
final class SqlSession {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern JOB_ID = Pattern.compile("\"([0-9a-f]{32})\"");

    private final FlinkProcesses flink;
    private final String path;

    private SqlSession(FlinkProcesses flink, String handle) {
        this.flink = flink;
        this.path = "/v1/sessions/" + handle;
    }

    static SqlSession open(FlinkProcesses flink) throws IOException, InterruptedException {
        String handle =
                JsonValueUtils.readString(
                        flink.gateway().post("/v1/sessions", "{}"), "sessionHandle");
        SqlSession session = new SqlSession(flink, handle);
        session.execute("ADD JAR '" + Build.uberJar() + "'");
        return session;
    }

    SqlSession set(String key, Object value) throws IOException, InterruptedException {
        execute("SET '" + key + "' = '" + value + "'");
        return this;
    }

    /** Runs a statement to its end; returns the gateway's answer. */
    String execute(String statement) throws IOException, InterruptedException {
        String body = "{\"statement\": \"" + Encoding.jsonEncode(statement) + "\"}";
        String handle =
                JsonValueUtils.readString(
                        flink.gateway().post(path + "/statements", body), "operationHandle");
        String operation = path + "/operations/" + handle;
        String end =
                Await.value("end of " + statement, LIMIT, () -> endOrNull(operation + "/status"));
        String answer = flink.gateway().text(operation + "/result/0?rowFormat=JSON");
        if (!end.equals("FINISHED")) {
            throw new AssertionError(end + " for " + statement + ": " + answer);
        }
        return answer;
    }

    private String endOrNull(String status) throws IOException, InterruptedException {
        String now = JsonValueUtils.readString(flink.gateway().get(status), "status");
        return now.equals("FINISHED") || now.equals("ERROR") ? now : null;
    }

    /** Starts a job. */
    Job insert(String statement) throws IOException, InterruptedException {
        String answer = execute(statement);
        Matcher id = JOB_ID.matcher(answer);
        if (!id.find()) {
            throw new AssertionError("no job for " + statement + ": " + answer);
        }
        return new Job(flink.cluster(), id.group(1));
    }
}
