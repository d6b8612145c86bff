package com.akidb.table;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a select.
 *
 * @param columns names of the columns, not always unique
 * @param rows cells: String, Long, Double, Boolean, Instant, {@code float[]}, {@link com.akidb.query.Json} or null
 */
public record SqlAnswer(List<String> columns, List<List<@Nullable Object>> rows) {}
