package com.akidb.table;

import com.akidb.engine.IndexMethod;
import com.akidb.vector.Metric;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An index to make. The server gives it its name.
 *
 * @param columns one embedding column for {@code hnsw} and {@code ivfflat}, scalar columns for {@code btree}, string columns
 *     for {@code text}
 * @param metric of indexes over vectors; null for others
 * @param parameters those given; the others have their defaults
 */
public record NewIndex(
        IndexMethod method, List<String> columns, @Nullable Metric metric, Map<String, Integer> parameters) {

    public NewIndex {
        columns = List.copyOf(columns);
        parameters = Map.copyOf(parameters);
    }
}
