package com.akidb.engine.embedded;

import com.akidb.engine.Table;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** Meters that look at the engine when somebody asks. */
final class EngineMeters {

    private EngineMeters() {}

    static void watch(EmbeddedTableEngine engine, MeterRegistry meters) {
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
}
