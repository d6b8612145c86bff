package com.akidb.engine.embedded;

import com.akidb.engine.Row;
import com.akidb.engine.embedded.index.RowChange;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one table, under one definition, that were read lately, without their vectors, within a bound that all tables share. A row that a
 * commit changed or took away is not in it any more when the index takes in that commit.
 */
final class RowCache {

    private static final int ROW_WEIGHT = 160;

    /**
     * A row that weighs more is not kept, in bytes: reading it again costs little beside sending it, and large rows that come
     * and go fill the old generation of the heap.
     */
    static final int HEAVIEST = 64 * 1024;

    private final Cache<Key, Row> rows;

    /** Of its rows among those of others; another one after each time that all are dropped. */
    private volatile UUID space;

    private final AtomicLong removals = new AtomicLong();

    /** For the thread that tells of commits. */
    private long lastRowId;

    /**
     * @param space that no other cache of these has
     * @param lastRowId the highest id that a row of the table has had
     */
    RowCache(Cache<Key, Row> rows, UUID space, long lastRowId) {
        this.rows = rows;
        this.space = space;
        this.lastRowId = lastRowId;
    }

    record Key(UUID space, long rowId) {}

    /** The cache that all tables share. */
    static Cache<Key, Row> bounded(long bytes) {
        return Caffeine.newBuilder()
                .maximumWeight(bytes)
                .<Key, Row>weigher((key, row) -> weigh(row))
                .executor(Runnable::run)
                .recordStats()
                .build();
    }

    private static int weigh(Row row) {
        long weight = ROW_WEIGHT;
        for (Object value : row.values()) {
            weight += value instanceof String text ? 56L + text.length() : 24;
        }
        return (int) Math.min(weight, Integer.MAX_VALUE);
    }

    @Nullable
    Row get(long rowId) {
        return rows.getIfPresent(new Key(space, rowId));
    }

    /** A mark to take before rows are read that will be {@link #put}. */
    long mark() {
        return removals.get();
    }

    /** Keeps a row that was read after a mark, unless it is large, or a commit changed rows or took them away meanwhile. */
    void put(Row row, long mark) {
        if (weigh(row) > HEAVIEST) {
            return;
        }
        // Looked at and put in one step, so that no one sees a row that is about to be dropped again.
        rows.asMap().compute(new Key(space, row.rowId()), (_, known) -> removals.get() == mark ? row : known);
    }

    /** Drops the rows that a commit changed or took away. */
    void committed(List<RowChange> changes) {
        boolean marked = false;
        long newest = lastRowId;
        for (RowChange change : changes) {
            if (change.rowId() > lastRowId) {
                newest = Math.max(newest, change.rowId());
            } else {
                if (!marked) {
                    removals.incrementAndGet();
                    marked = true;
                }
                rows.invalidate(new Key(space, change.rowId()));
            }
        }
        lastRowId = newest;
    }

    /** An empty one for the rows under the table's next definition; for the thread that tells of commits. */
    RowCache underNextDefinition() {
        return new RowCache(rows, UUID.randomUUID(), lastRowId);
    }

    /** Drops all rows. */
    void clear() {
        removals.incrementAndGet();
        // A row that is being put just now may be missed below, but is not asked for again.
        UUID before = space;
        space = UUID.randomUUID();
        rows.asMap().keySet().removeIf(key -> key.space().equals(before));
    }
}
