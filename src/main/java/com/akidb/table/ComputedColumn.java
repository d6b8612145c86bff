package com.akidb.table;

import com.akidb.engine.CellCounts;
import com.akidb.vector.Metric;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A computed column as it is.
 *
 * @param source the column that it is computed from
 * @param model as it was asked for
 * @param fill how far it is filled
 * @param change the model that is on its way to take over; null if none is
 */
public record ComputedColumn(
        String name,
        int dimensions,
        Metric metric,
        String source,
        String model,
        boolean autoUpdate,
        boolean cache,
        Fill fill,
        @Nullable Change change) {

    /** What becomes of cells without vectors. */
    public enum Status {
        /** None waits. */
        READY,
        /** They are being computed. */
        FILLING,
        /** They wait until somebody resumes. */
        PAUSED,
        /** They wait for a model that cannot be used now; it is tried again by itself. */
        WAITING,
        /** All but some that failed are there, and the change waits for somebody to retry or cancel. */
        BLOCKED;

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param error why it waits; null in other states */
    public record Fill(
            Status status, CellCounts cells, @Nullable String error) {}

    /** A change of the model: its vectors are made beside those that searches use, until all are there. */
    public record Change(String model, int dimensions, Fill fill) {}
}
