package com.akidb.engine.embedded.index;

import com.akidb.vector.Metric;
import java.util.Objects;

/** Searching through a declared hnsw index. */
class HnswIndexTests extends VectorIndexContract {

    @Override
    IndexProperties properties() {
        return IndexProperties.of(500, 1_000_000);
    }

    @Override
    void declare(MemoryTable table) {
        Metric metric = Objects.requireNonNull(table.definition.columns().get(1).metric());
        table.declare(Declared.hnsw("declared", metric));
    }

    @Override
    String plan() {
        return "hnsw";
    }

    @Override
    int rows() {
        return 3_000;
    }
}
