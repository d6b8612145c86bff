package com.akidb.engine.embedded.index;

import com.akidb.engine.Column;
import com.akidb.engine.embedded.index.vectors.MetricScores;
import com.akidb.engine.embedded.index.vectors.VectorStore;
import com.akidb.vector.Metric;
import java.lang.foreign.Arena;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A vector column of a layout.
 *
 * @param position its place in rows
 */
record VectorColumn(int position, Column column, Memory memory) {

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

    /** The vectors of a column. Generations that have the column share it; the last one gives the memory back. */
    static final class Memory {

        private final long columnId;
        private final Arena arena = Arena.ofShared();
        private final VectorStore store;
        private final AtomicInteger holders = new AtomicInteger(1);

        Memory(long columnId, int dimension) {
            this.columnId = columnId;
            this.store = new VectorStore(arena, dimension);
        }

        /** The column's number for life. */
        long columnId() {
            return columnId;
        }

        VectorStore store() {
            return store;
        }

        /** Another generation holds it too; callable only by a holder. */
        Memory retain() {
            holders.incrementAndGet();
            return this;
        }

        void release() {
            if (holders.decrementAndGet() == 0) {
                arena.close();
            }
        }
    }
}
