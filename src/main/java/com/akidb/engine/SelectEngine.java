package com.akidb.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs selects over several tables, read-only, as of one commit. */
public interface SelectEngine {

    /**
     * Runs a select; blocks.
     *
     * @return rows of cells: String, Long, Double, Boolean, Instant, {@link com.akidb.query.Json}, {@code float[]} or null
     * @throws com.akidb.error.DeadlineExceededException if it takes too long
     * @throws com.akidb.error.InvalidInputException if the store cannot run it, or the answer is too large
     * @throws com.akidb.error.NotFoundException if a table, or a column of it, is gone
     * @throws com.akidb.error.OverloadedException if too many run already
     */
    List<List<@Nullable Object>> select(SelectRequest request);
}
