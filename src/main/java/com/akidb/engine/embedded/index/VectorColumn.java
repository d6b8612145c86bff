package com.akidb.engine.embedded.index;

import com.akidb.engine.Column;
import com.akidb.engine.embedded.index.vectors.MetricScores;
import com.akidb.engine.embedded.index.vectors.VectorStore;
import com.akidb.vector.Metric;
import java.util.Objects;

/**
 * A vector column of a layout.
 *
 * @param position its place in rows
 */
record VectorColumn(int position, Column column, ColumnMemory memory) {

    VectorStore store() {
        return memory.store();
    }

    /** How it is compared unless a search says otherwise. */
    Metric metric() {
        return Objects.requireNonNull(column.metric());
    }

    /** Scores by its own metric. */
    MetricScores scores() {
        return scores(metric());
    }

    MetricScores scores(Metric metric) {
        return new MetricScores(store(), metric);
    }
}
