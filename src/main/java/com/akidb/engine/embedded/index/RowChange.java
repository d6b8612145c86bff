package com.akidb.engine.embedded.index;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row as a commit left it.
 *
 * @param values by the table's columns as of the commit, vectors included, null where a cell has no value or no vector;
 *     null if the row was deleted. A row that was there before may have {@link #SAME} for cells that did not change,
 *     which then need not be read from the store. A row whose only change is that cells without a vector got one keeps
 *     its place in memory, which makes filling computed columns cheap.
 */
public record RowChange(long rowId, @Nullable List<@Nullable Object> values) {

    /** Stands for the value that the cell had before the commit. */
    public static final Object SAME = new Object() {
        @Override
        public String toString() {
            return "SAME";
        }
    };

    /** This change behind an earlier one of the same row in the same commit, as one change. */
    public RowChange after(RowChange earlier) {
        List<@Nullable Object> before = earlier.values;
        List<@Nullable Object> now = values;
        if (before == null || now == null) {
            return this;
        }
        List<@Nullable Object> merged = new ArrayList<>(now.size());
        for (int i = 0; i < now.size(); i++) {
            merged.add(now.get(i) == SAME ? before.get(i) : now.get(i));
        }
        return new RowChange(rowId, merged);
    }
}
