package com.akidb.table;

import com.akidb.query.Predicate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows to change.
 *
 * @param where the rows that satisfy it; null beside a key
 * @param key the one row with that primary key, as text; null beside a condition
 * @param values by column, at least one
 * @param embed when it is answered
 */
public record RowUpdate(
        TableSchema schema,
        @Nullable Predicate where,
        @Nullable String key,
        Map<String, @Nullable Object> values,
        EmbedMode embed) {

    public RowUpdate {
        values = Collections.<String, @Nullable Object>unmodifiableMap(new LinkedHashMap<>(values));
    }
}
