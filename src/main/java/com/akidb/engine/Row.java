package com.akidb.engine;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row as stored.
 *
 * @param rowId monotonic, never used again
 * @param version sequence number of the commit that wrote it last
 * @param changedAt time of that commit
 * @param values by the table's columns, classes as {@link ColumnType} says; vectors are null unless asked for
 */
public record Row(long rowId, long version, Instant changedAt, List<@Nullable Object> values) {

    private static final int BESIDE_VALUES = 128;

    /** About the memory that it holds, in bytes. */
    public long weight() {
        long weight = BESIDE_VALUES;
        for (Object value : values) {
            weight += switch (value) {
                case String text -> 2L * text.length();
                case float[] vector -> (long) Float.BYTES * vector.length;
                case null, default -> Long.BYTES;
            };
        }
        return weight;
    }
}
