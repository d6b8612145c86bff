package com.akidb.table;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of an answer.
 *
 * @param values of what was selected, in order, in the classes that {@link com.akidb.engine.ColumnType} names
 * @param version sequence number of the commit that wrote it last
 * @param changedAt time of that commit
 * @param score similarity; null if none was asked for
 */
public record TableRow(
        List<@Nullable Object> values,
        long version,
        Instant changedAt,
        @Nullable Float score) {}
