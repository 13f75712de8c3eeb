// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats;

/** The threads that run this connector's code. */
public enum ThreadRole {
    /** The client or JobManager thread that plans a query. */
    PLAN,
    /** Flink's source coordinator thread, one per source: it may never block. */
    COORDINATOR,
    /** The coordinator's worker thread, where blocking calls of the enumerator run. */
    WORKER,
    /** The task thread (mailbox): rows are made and emitted here. */
    TASK,
    /** The fetcher thread, one per reader: JetStream is read here. */
    FETCHER,
    /** The thread of a publisher: it sends what is in its window, and sends it again. */
    PUBLISHER,
    /** A thread of the NATS client: it only enqueues. */
    NATS,
    /** Any of them: the class guards its own state. */
    ANY
}
