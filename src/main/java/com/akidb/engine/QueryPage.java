package com.akidb.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows that a query found, all as of one commit.
 *
 * @param computed what the query computes of each row: String, Long, Double, Boolean, Instant,
 *     {@link com.akidb.query.Json} or null
 * @param next place of the last row if more follow; null at the end
 */
public record QueryPage(List<Row> rows, List<List<@Nullable Object>> computed, RowQuery.@Nullable Place next) {}
