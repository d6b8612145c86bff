package com.akidb.engine;

import com.akidb.vector.Metric;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An index that was asked for.
 *
 * @param name unique in the table
 * @param columns one for vector indexes, else one or more
 * @param metric of vector indexes; null for others
 * @param parameters as {@link IndexMethod} names them; those without a default may be missing
 */
public record IndexDefinition(
        String name,
        List<String> columns,
        IndexMethod method,
        @Nullable Metric metric,
        Map<String, Integer> parameters) {

    public IndexDefinition {
        columns = List.copyOf(columns);
        parameters = Map.copyOf(parameters);
    }
}
