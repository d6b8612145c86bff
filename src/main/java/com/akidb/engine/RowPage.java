package com.akidb.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of rows in the order of their row ids.
 *
 * @param nextCursor row id after which the next page begins; null at the end
 */
public record RowPage(List<Row> rows, @Nullable Long nextCursor) {}
