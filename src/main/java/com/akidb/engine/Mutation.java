package com.akidb.engine;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One write: all of it happens, or nothing. */
public sealed interface Mutation {

    /**
     * Rows of values by the table's columns; in one write a later row with the same key wins under REPLACE. A cell of
     * a VECTOR column may be {@link Uncomputed}. An INT primary key that is null is given the row's id.
     */
    record Insert(List<List<@Nullable Object>> rows, OnConflict onConflict) implements Mutation {}

    /** Deletes rows. */
    record Delete(RowSelection rows) implements Mutation {}

    /**
     * Gives rows other values. They keep their row ids; their version becomes that of the commit.
     *
     * @param values by column; may not name the primary key. A cell of a VECTOR column may be {@link Uncomputed}
     */
    record Update(RowSelection rows, Map<String, @Nullable Object> values) implements Mutation {
        public Update {
            values = Collections.<String, @Nullable Object>unmodifiableMap(new HashMap<>(values));
        }
    }

    /** Gives rows other values, each row its own; otherwise as {@link Update}. */
    record UpdateEach(List<RowValues> rows, IfMissing ifMissing) implements Mutation {
        public UpdateEach {
            rows = List.copyOf(rows);
        }
    }

    /**
     * New values of one row.
     *
     * @param key as its column has it: a String or a Long
     * @param values by column; may not name the primary key. A cell of a VECTOR column may be {@link Uncomputed}
     */
    record RowValues(Object key, Map<String, @Nullable Object> values) {
        public RowValues {
            values = Collections.<String, @Nullable Object>unmodifiableMap(new HashMap<>(values));
        }
    }

    /** What happens when a row that is to be changed is not there. */
    enum IfMissing {
        /** The write fails with NotFound. */
        ERROR,
        /** It is passed over, and counted as ignored. */
        IGNORE
    }

    /** Makes cells of a VECTOR column wait for a new vector; those that have one keep it until then. */
    record Recompute(String column, RowSelection rows) implements Mutation {}

    /** Brings what was computed for cells of a VECTOR column. */
    record Fill(String column, List<Computed> cells) implements Mutation {
        public Fill {
            cells = List.copyOf(cells);
        }
    }

    /**
     * What was computed for a cell. Passed over, and counted as ignored, if the cell no longer has that stamp.
     *
     * @param value a {@code float[]}, or {@link Uncomputed.Failed}; null if there is nothing to compute a vector from
     */
    record Computed(long rowId, long stamp, @Nullable Object value) {}
}
