package com.akidb.engine.embedded;

import com.akidb.engine.Table;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Meters of an engine: how long its searches take, and what shows when somebody looks. */
final class EngineMeters {

    private final Timer searches;

    EngineMeters(EmbeddedTableEngine engine, MeterRegistry meters) {
        searches = Timer.builder("akidb.search.latency")
                .description("Time of a search by vector: filter, comparison, fetching the rows")
                .serviceLevelObjectives(
                        Duration.ofNanos(100_000),
                        Duration.ofNanos(250_000),
                        Duration.ofNanos(500_000),
                        Duration.ofMillis(1),
                        Duration.ofMillis(2),
                        Duration.ofMillis(5),
                        Duration.ofMillis(10),
                        Duration.ofMillis(50),
                        Duration.ofMillis(250),
                        Duration.ofSeconds(1))
                .register(meters);
        Gauge.builder("akidb.write.queue.depth", engine, EmbeddedTableEngine::queueDepth)
                .description("Writes that wait for the disk")
                .register(meters);
        Gauge.builder("akidb.tables", engine, watched -> watched.tables().size())
                .description("Tables, collections included")
                .register(meters);
        Gauge.builder(
                        "akidb.table.rows",
                        engine,
                        watched -> watched.tables().stream()
                                .mapToLong(Table::rowCount)
                                .sum())
                .description("Rows of all tables")
                .register(meters);
        FunctionCounter.builder(
                        "akidb.row.cache.hits",
                        engine,
                        watched -> watched.rowCacheStats().hitCount())
                .description("Rows that searches found in memory")
                .register(meters);
        FunctionCounter.builder(
                        "akidb.row.cache.misses",
                        engine,
                        watched -> watched.rowCacheStats().missCount())
                .description("Rows that searches read from the database")
                .register(meters);
    }

    /** A search began at this {@link System#nanoTime} and has ended, well or not. */
    void searched(long begun) {
        searches.record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
    }
}
