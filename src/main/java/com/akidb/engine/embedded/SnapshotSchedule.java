package com.akidb.engine.embedded;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes snapshots of the indexes of tables that changed, from time to time, so that a start after a crash is quick. */
final class SnapshotSchedule {

    private static final Logger log = LoggerFactory.getLogger(SnapshotSchedule.class);

    private final ScheduledExecutorService executor;

    private SnapshotSchedule(ScheduledExecutorService executor) {
        this.executor = executor;
    }

    static SnapshotSchedule start(OpenTables tables, Duration interval) {
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("akidb-snapshots").factory());
        executor.scheduleWithFixedDelay(
                () -> tables.all().forEach(SnapshotSchedule::snapshot),
                interval.toMillis(),
                interval.toMillis(),
                TimeUnit.MILLISECONDS);
        return new SnapshotSchedule(executor);
    }

    private static void snapshot(OpenTable table) {
        try {
            table.snapshot();
        } catch (RuntimeException e) {
            log.warn("No snapshot of table {} this time", table.record().id(), e);
        }
    }

    /** Starts no more snapshots and waits for one that is being written. */
    void stop() {
        executor.close();
    }
}
