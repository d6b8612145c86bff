package com.akidb.engine.embedded.write;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Meters of the writer's work. For many threads. */
final class CommitMeters {

    private final Timer latency;
    private final DistributionSummary writesPerCommit;
    private final Counter written;
    private final Counter deleted;
    private final Counter failed;
    private final Counter refused;

    CommitMeters(MeterRegistry meters) {
        latency = Timer.builder("akidb.commit.latency")
                .description("Time of a commit, from its first statement until it is durable and searchable")
                .serviceLevelObjectives(
                        Duration.ofMillis(1),
                        Duration.ofMillis(2),
                        Duration.ofMillis(5),
                        Duration.ofMillis(10),
                        Duration.ofMillis(25),
                        Duration.ofMillis(50),
                        Duration.ofMillis(100),
                        Duration.ofMillis(250),
                        Duration.ofSeconds(1))
                .register(meters);
        writesPerCommit = DistributionSummary.builder("akidb.commit.writes")
                .description("Writes that shared a commit")
                .serviceLevelObjectives(1, 2, 5, 10, 32, 100, 1_000)
                .register(meters);
        written = rows(meters, "written");
        deleted = rows(meters, "deleted");
        failed = writes(meters, "failed");
        refused = writes(meters, "refused");
    }

    private static Counter rows(MeterRegistry meters, String kind) {
        return Counter.builder("akidb.rows")
                .description("Rows that commits wrote or deleted; a replaced one counts as both")
                .tag("kind", kind)
                .register(meters);
    }

    private static Counter writes(MeterRegistry meters, String kind) {
        return Counter.builder("akidb.writes.unsuccessful")
                .description("Writes that failed, or were refused because the queue was full")
                .tag("kind", kind)
                .register(meters);
    }

    /**
     * A group of writes was committed.
     *
     * @param writes that shared the commit
     * @param rowsDeleted replaced ones included
     * @param nanos from the first statement until it was durable
     */
    void committed(int writes, long rowsWritten, long rowsDeleted, long nanos) {
        latency.record(nanos, TimeUnit.NANOSECONDS);
        writesPerCommit.record(writes);
        written.increment(rowsWritten);
        deleted.increment(rowsDeleted);
    }

    /** A write failed, for whatever reason. */
    void failed() {
        failed.increment();
    }

    /** A write found no room in the queue. */
    void refused() {
        refused.increment();
    }
}
