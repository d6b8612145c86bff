package com.akidb.engine.embedded.index;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The indexes of all tables of one data directory. They share the thread that builds in the background and the
 * settings.
 */
public final class TableIndexes implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(TableIndexes.class);

    private final Path directory;
    private final IndexProperties properties;
    private final IndexMetrics metrics;
    private final RecallMonitor recall;
    private final ExecutorService checks = Executors.newSingleThreadExecutor(Thread.ofPlatform()
            .name("recall-checks")
            .daemon()
            .priority(Thread.MIN_PRIORITY)
            .factory());
    private final ExecutorService background = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("index-builder").daemon().factory());

    /**
     * @param directory where snapshots lie; made when the first is written
     */
    public TableIndexes(Path directory, IndexProperties properties, MeterRegistry meters) {
        this.directory = directory;
        this.properties = properties;
        this.metrics = new IndexMetrics(meters);
        this.recall = new RecallMonitor(checks, properties.recall(), metrics);
    }

    /**
     * Opens the index of a table, filled from the source. No commit of this table may happen meanwhile. The caller
     * closes it.
     */
    public TableIndex open(IndexLayout layout, UUID tableId, RowSource source) {
        Structures structures = new Structures(properties);
        TableIndex index = new TableIndex(
                layout,
                properties,
                source,
                background,
                metrics,
                recall,
                new Snapshots(file(tableId), structures),
                structures);
        index.start();
        return index;
    }

    /** Has the loops of searches compiled in the background, so that the first searches are as quick as the later ones. */
    public void warmUp() {
        checks.execute(() -> new SearchWarmUp().run(checks::isShutdown));
    }

    /** Removes the snapshots of a table that was dropped, whose index is closed. */
    public void discard(UUID tableId) {
        try {
            Files.deleteIfExists(file(tableId));
        } catch (IOException e) {
            log.warn("The snapshot of a dropped table could not be removed", e);
        }
    }

    private Path file(UUID tableId) {
        return directory.resolve(tableId + ".index");
    }

    /** Stops building in the background. The indexes themselves are closed by whoever opened them. */
    @Override
    public void close() {
        background.shutdownNow();
        checks.shutdown();
    }
}
