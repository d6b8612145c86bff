package com.akidb.engine.embedded.index;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row as a commit left it.
 *
 * @param values by the table's columns, vectors included; null if the row was deleted
 */
public record RowChange(long rowId, @Nullable List<@Nullable Object> values) {}
