// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.e2e;

import io.github.flinknats.testing.Await;
import io.nats.client.support.JsonValue;
import io.nats.client.support.JsonValueUtils;
import java.io.IOException;
import java.time.Duration;

/** A job on a session cluster, as its REST endpoint tells of it. */
final class Job {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Rest cluster;
    private final String path;

    Job(Rest cluster, String id) {
        this.cluster = cluster;
        this.path = "/jobs/" + id;
    }

    String state() throws IOException, InterruptedException {
        return JsonValueUtils.readString(cluster.get(path), "state");
    }

    void awaitState(String state, Duration limit) {
        Await.until(this + " is " + state, limit, () -> state().equals(state), this::describe);
    }

    /** What the web UI shows as the cause of the failure. */
    String exceptions() throws IOException, InterruptedException {
        return cluster.text(path + "/exceptions");
    }

    int completedCheckpoints() throws IOException, InterruptedException {
        return checkpoints("completed");
    }

    /** How often the job went back to a checkpoint or savepoint. */
    int restoredCheckpoints() throws IOException, InterruptedException {
        return checkpoints("restored");
    }

    private int checkpoints(String kind) throws IOException, InterruptedException {
        JsonValue counts = JsonValueUtils.readValue(cluster.get(path + "/checkpoints"), "counts");
        return JsonValueUtils.readInteger(counts, kind, 0);
    }

    /** Returns when a checkpoint that started after the call is complete. */
    void awaitNextCheckpoint() throws IOException, InterruptedException {
        int before = completedCheckpoints();
        // The next one may have started already.
        Await.until(
                "two more checkpoints of " + this,
                LIMIT,
                () -> completedCheckpoints() >= before + 2,
                this::describe);
    }

    /** The TaskManager that runs the first vertex, which is the source. */
    String sourceTaskManager() throws IOException, InterruptedException {
        JsonValue vertex = JsonValueUtils.readArray(cluster.get(path), "vertices").get(0);
        String managers =
                path + "/vertices/" + JsonValueUtils.readString(vertex, "id") + "/taskmanagers";
        JsonValue first = JsonValueUtils.readArray(cluster.get(managers), "taskmanagers").get(0);
        return JsonValueUtils.readString(first, "taskmanager-id");
    }

    /** How many subtasks the source has. */
    int sourceParallelism() throws IOException, InterruptedException {
        JsonValue vertex = JsonValueUtils.readArray(cluster.get(path), "vertices").get(0);
        return JsonValueUtils.readInteger(vertex, "parallelism", 0);
    }

    /** Stops and returns where the savepoint is. */
    String stopWithSavepoint() throws IOException, InterruptedException {
        String request =
                JsonValueUtils.readString(
                        cluster.post(path + "/stop", "{\"drain\": false}"), "request-id");
        String location =
                Await.value(
                        "a savepoint of " + this,
                        LIMIT,
                        () ->
                                JsonValueUtils.readString(
                                        JsonValueUtils.readValue(
                                                cluster.get(path + "/savepoints/" + request),
                                                "operation"),
                                        "location"));
        awaitState("FINISHED", LIMIT);
        return location;
    }

    void cancel() throws IOException, InterruptedException {
        cluster.patch(path + "?mode=cancel");
        awaitState("CANCELED", LIMIT);
    }

    private String describe() {
        try {
            return cluster.text(path) + exceptions();
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return e.toString();
        }
    }

    @Override
    public String toString() {
        return path;
    }
}
