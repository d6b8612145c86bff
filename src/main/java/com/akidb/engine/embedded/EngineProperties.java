package com.akidb.engine.embedded;

import com.akidb.memory.Heap;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the embedded engine.
 *
 * @param writeQueue maximum number of writes that wait for the disk; further ones are refused with OVERLOADED
 * @param writeQueueMemory approximate maximum memory of the writes that wait. An eighth of the heap by default, at
 *     most 128MB
 * @param rowCache approximate memory for rows that searches found, which saves reading them again. An eighth of the
 *     heap by default, at most 64MB
 * @param readers number of connections for reading rows, and as many for finding rows by conditions and words, but
 *     2 in heaps under 192MB and 3 under 256MB; that many of each run at once
 * @param readQueue maximum number of reads that wait for a connection, counted separately for rows, conditions and
 *     SQL; further ones are refused with OVERLOADED
 * @param walSize size at which the write-ahead log is written back to the database
 * @param changeLog number of deletions and updates of each table to remember, so that an index can catch up from
 *     its snapshot
 * @param snapshotInterval time between two snapshots of the index of a table that changes
 */
@ConfigurationProperties("akidb.engine")
public record EngineProperties(
        @DefaultValue("1000") int writeQueue,
        @Nullable DataSize writeQueueMemory,
        @Nullable DataSize rowCache,
        @DefaultValue("4") int readers,
        @DefaultValue("1000") int readQueue,
        @DefaultValue("32MB") DataSize walSize,
        @DefaultValue("200000") int changeLog,
        @DefaultValue("5m") Duration snapshotInterval) {

    /** What a statement that groups or sorts large values takes outside the heap, and so the heap that it needs beside it. */
    private static final long SCANNER_SHARE = 64L << 20;

    public EngineProperties {
        require(writeQueue >= 1, "write-queue", "must be at least 1");
        require(
                writeQueueMemory == null || writeQueueMemory.toBytes() > 0,
                "write-queue-memory",
                "must be more than 0");
        require(rowCache == null || rowCache.toBytes() >= 0, "row-cache", "must not be negative");
        require(readers >= 1 && readers <= 64, "readers", "must be from 1 to 64");
        require(readQueue >= 1, "read-queue", "must be at least 1");
        require(walSize.toKilobytes() >= 64, "wal-size", "must be at least 64KB");
        require(changeLog >= 1, "change-log", "must be at least 1");
        require(snapshotInterval.toSeconds() >= 1, "snapshot-interval", "must be at least 1s");
    }

    /** The settings that hold when nothing is said. */
    public static EngineProperties defaults() {
        return new EngineProperties(
                1_000, null, null, 4, 1_000, DataSize.ofMegabytes(32), 200_000, Duration.ofMinutes(5));
    }

    /** Connections for finding rows by conditions and words. */
    int scanners() {
        return (int) Math.min(readers, Math.max(2, Heap.bytes() / SCANNER_SHARE));
    }

    /** Bytes of the writes that wait. */
    public long writeQueueBytes() {
        return writeQueueMemory == null ? Heap.eighth(4L << 20, 128L << 20) : writeQueueMemory.toBytes();
    }

    /** Bytes of the rows that are kept. */
    public long rowCacheBytes() {
        return rowCache == null ? Heap.eighth(1L << 20, 64L << 20) : rowCache.toBytes();
    }

    private static void require(boolean holds, String key, String rule) {
        if (!holds) {
            throw new IllegalArgumentException("akidb.engine." + key + " " + rule);
        }
    }
}
