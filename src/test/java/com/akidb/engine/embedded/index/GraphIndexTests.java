package com.akidb.engine.embedded.index;

import com.akidb.vector.Metric;

/** Walking the graph, which is built here from few rows on; the inner product never takes it. */
class GraphIndexTests extends VectorIndexContract {

    @Override
    IndexProperties properties() {
        return IndexProperties.of(100_000, 1_000);
    }

    @Override
    String plan() {
        return "graph";
    }

    @Override
    String plan(Metric metric) {
        return metric == Metric.INNER_PRODUCT ? "exact" : "graph";
    }

    @Override
    int rows() {
        return 3_000;
    }
}
