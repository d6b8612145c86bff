package com.akidb.engine.embedded.index;

import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** What an index may read back from the store, always as of one commit. Calls block. */
public interface RowSource {

    /** Sequence number of the table's last commit. */
    long version();

    /** Visits all rows' vectors of a column in the order of their row ids. */
    void forEachVector(int column, VectorVisitor visitor);

    /** Visits all rows' values of a column, VECTOR excepted, in the order of their row ids. */
    void forEachValue(int column, ValueVisitor visitor);

    /** Visits the ids of the rows written or deleted after a commit; false if the log no longer reaches back so far. */
    boolean forEachChangeAfter(long version, LongConsumer rowId);

    /** The current values of these rows, in order; rows that are gone are null. */
    List<@Nullable List<@Nullable Object>> rows(long[] rowIds);

    /** Takes a row's vector; the array is used again for the next row. */
    interface VectorVisitor {
        void accept(long rowId, float[] vector);
    }

    /** Takes a row's value. */
    interface ValueVisitor {
        void accept(long rowId, @Nullable Object value);
    }
}
