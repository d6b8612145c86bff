package com.akidb.engine.embedded.index;

import com.akidb.vector.Metric;
import java.util.Objects;

/** Searching through a declared ivfflat index. */
class IvfflatIndexTests extends VectorIndexContract {

    @Override
    IndexProperties properties() {
        return IndexProperties.of(500, 1_000_000);
    }

    @Override
    void declare(MemoryTable table) {
        Metric metric = Objects.requireNonNull(table.definition.columns().get(1).metric());
        table.declare(Declared.ivfflat("declared", metric, 30));
    }

    @Override
    String plan() {
        return "ivfflat";
    }

    @Override
    int rows() {
        return 3_000;
    }
}
