package com.akidb.engine;

import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks which combinations of values there are, and how many rows have each.
 *
 * @param where rows must satisfy it; null lets all pass
 * @param by fields that rows are grouped by; at least one
 * @param byCount whether the largest groups come first; otherwise in the order of the values
 * @param limit 1 to 10,000 groups
 */
public record GroupQuery(@Nullable Predicate where, List<FieldPath> by, boolean byCount, int limit) {

    public GroupQuery {
        by = List.copyOf(by);
    }

    /** Rows that have these values in the fields of {@code by}. */
    public record Group(List<@Nullable Object> values, long count) {}
}
