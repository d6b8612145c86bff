package com.akidb.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows that a query found, all as of one commit.
 *
 * @param next place of the last row if more follow; null at the end
 */
public record QueryPage(List<Row> rows, RowQuery.@Nullable Place next) {}
