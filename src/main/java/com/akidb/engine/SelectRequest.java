package com.akidb.engine;

import com.akidb.query.Select;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A select to run.
 *
 * @param tables that the select names, each once, as they were when names in it were made out to be columns of theirs
 * @param vectors what {@link com.akidb.query.Expression.Similarity} compares with, by its number of a probe; of their columns'
 *     dimensions
 * @param maxRows most rows of the answer; one more is refused
 * @param maxBytes about the most memory of the answer's cells
 * @param timeout how long it may run
 * @param cancelled asked now and then; true ends it
 */
public record SelectRequest(
        Select select,
        List<Table> tables,
        List<float[]> vectors,
        int maxRows,
        long maxBytes,
        Duration timeout,
        BooleanSupplier cancelled) {

    public SelectRequest {
        tables = List.copyOf(tables);
        vectors = List.copyOf(vectors);
    }
}
