package com.akidb.engine.embedded.index;

import com.akidb.engine.IndexDefinition;
import com.akidb.engine.IndexMethod;
import com.akidb.vector.Metric;
import java.util.List;
import java.util.Map;

/** Index definitions for tests. */
final class Declared {

    private Declared() {}

    static IndexDefinition hnsw(String name, Metric metric) {
        return new IndexDefinition(
                name, List.of("vector"), IndexMethod.HNSW, metric, Map.of("m", 16, "ef_construction", 100));
    }

    static IndexDefinition ivfflat(String name, Metric metric, int lists) {
        return new IndexDefinition(name, List.of("vector"), IndexMethod.IVFFLAT, metric, Map.of("lists", lists));
    }
}
