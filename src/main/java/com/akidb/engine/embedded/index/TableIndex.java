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

    /**
     * Takes in a commit that changed the table's columns or the indexes that it should have. Columns with an id that is
     * there already keep what is known of them; new ones begin without vectors; all changes are seen by a search at once
     * or not at all. Indexes that are new are built in the background, those that are gone are dropped. Called by the
     * writer's thread.
     */
    void follow(long version, IndexLayout layout);

    /**
     * Builds a declared index anew in the background; the old one serves until then.
     *
     * @return false if there is none of that name
     */
    boolean rebuild(String index);

    /**
     * The nearest rows as of the last applied commit; may read the store once when a filter names a new field.
     *
     * @throws com.akidb.error.InvalidInputException if there is no such VECTOR column, or the vector is of another
     *     dimension
     */
    Found search(VectorSearch search);

    /** Whether {@link #search} would be short and would not read the store. */
    boolean isQuick(VectorSearch search);

    /** First of what each VECTOR column has by itself, then of the declared indexes, both in the order of the layout. */
    List<IndexStatus> status();

    /** Writes a snapshot of what is costly to rebuild; a failure is logged and costs only time at the next start. */
    void snapshot();

    @Override
    void close();

    /** Row ids and scores, best first. */
    record Found(long[] rowIds, float[] scores, @Nullable SearchExplanation explanation) {}
}
