package com.akidb.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row as stored.
 *
 * @param rowId monotonic, never used again
 * @param version sequence number of the commit that wrote it
 * @param values by the table's columns, classes as {@link ColumnType} says; vectors are null unless asked for
 */
public record Row(long rowId, long version, List<@Nullable Object> values) {}
