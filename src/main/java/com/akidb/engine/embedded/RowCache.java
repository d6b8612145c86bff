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
 * Rows of one table that were read lately, without their vectors, within a bound that all tables share. A row that a
 * commit took away is not in it once that commit was answered.
 */
final class RowCache {

    private static final int ROW_WEIGHT = 160;

    private final Cache<Key, Row> rows;
    private final UUID table;
    private final AtomicLong removals = new AtomicLong();

    RowCache(Cache<Key, Row> rows, UUID table) {
        this.rows = rows;
        this.table = table;
    }

    record Key(UUID table, long rowId) {}

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
        return rows.getIfPresent(new Key(table, rowId));
    }

    /** A mark to take before rows are read that will be {@link #put}. */
    long mark() {
        return removals.get();
    }

    /** Keeps rows that were read after a mark, unless a commit took rows away meanwhile. */
    void put(Row row, long mark) {
        Key key = new Key(table, row.rowId());
        rows.put(key, row);
        if (removals.get() != mark) {
            rows.invalidate(key);
        }
    }

    /** Drops the rows that a commit took away. */
    void committed(List<RowChange> changes) {
        boolean marked = false;
        for (RowChange change : changes) {
            if (change.values() == null) {
                if (!marked) {
                    removals.incrementAndGet();
                    marked = true;
                }
                rows.invalidate(new Key(table, change.rowId()));
            }
        }
    }

    /** Drops all rows of the table. */
    void clear() {
        removals.incrementAndGet();
        rows.asMap().keySet().removeIf(key -> key.table().equals(table));
    }
}
