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
public record Row(long rowId, long version, Instant changedAt, List<@Nullable Object> values) {}
