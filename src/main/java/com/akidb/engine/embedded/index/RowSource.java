package com.akidb.engine.embedded.index;

import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What an index may read back from the store, each call as of one commit. Calls block. Columns are named by their ids for
 * life ({@link IndexLayout}); of a column that is gone nothing is visited.
 */
public interface RowSource {

    /** Sequence number of the last commit that changed the table, its definition included. */
    long version();

    /** Visits the ids of all rows in their order. */
    void forEachRow(LongConsumer rowId);

    /** Visits the vectors of a column in the order of their row ids; rows without one are passed over. */
    void forEachVector(long columnId, VectorVisitor visitor);

    /**
     * Visits all rows' values of a column, VECTOR excepted, in the order of their row ids; or what
     * {@link com.akidb.engine.embedded.index.filter.FilterField#VERSION} and
     * {@link com.akidb.engine.embedded.index.filter.FilterField#CHANGED_AT} stand for.
     */
    void forEachValue(long columnId, ValueVisitor visitor);

    /**
     * Visits the ids of the rows of which anything changed after a commit: inserted, updated, a cell filled or emptied, or
     * deleted.
     *
     * @return false if that is no longer known so far back
     */
    boolean forEachChangeAfter(long version, LongConsumer rowId);

    /** Takes a row's vector; the array is used again for the next row. */
    interface VectorVisitor {
        void accept(long rowId, float[] vector);
    }

    /** Takes a row's value. */
    interface ValueVisitor {
        void accept(long rowId, @Nullable Object value);
    }
}
