package com.akidb.engine.embedded.index;

import com.akidb.engine.IndexStatus;
import com.akidb.engine.SearchExplanation;
import com.akidb.engine.VectorSearch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything in memory that follows the commits of one table. One thread applies commits, any number searches; a search
 * sees whole commits only.
 */
public interface TableIndex extends AutoCloseable {

    /** Takes in a commit. Called by the writer's thread, before the write is answered; never fails half way. */
    void apply(long version, List<RowChange> changes);

    /** The nearest rows as of the last applied commit; may read the store once when a filter names a new field. */
    Found search(VectorSearch search);

    /** Whether {@link #search} would be short and would not read the store. */
    boolean isQuick(VectorSearch search);

    List<IndexStatus> status();

    /** Writes a snapshot of what is costly to rebuild; a failure is logged and costs only time at the next start. */
    void snapshot();

    @Override
    void close();

    /** Row ids and scores, best first. */
    record Found(long[] rowIds, float[] scores, @Nullable SearchExplanation explanation) {}
}
