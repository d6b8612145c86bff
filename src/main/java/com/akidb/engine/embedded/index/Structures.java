package com.akidb.engine.embedded.index;

import com.akidb.engine.IndexMethod;
import com.akidb.engine.embedded.index.graph.VectorGraph;
import com.akidb.engine.embedded.index.rows.LiveBits;
import com.akidb.engine.embedded.index.vectors.MetricScores;
import com.akidb.engine.embedded.index.vectors.SearchStructure;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Makes what indexes search in. */
final class Structures {

    private final IndexProperties properties;

    Structures(IndexProperties properties) {
        this.properties = properties;
    }

    /**
     * Builds the structure of an index over what is alive.
     *
     * @return null if stopped
     */
    @Nullable
    SearchStructure build(
            VectorIndex index, MetricScores scores, LiveBits live, IntConsumer added, BooleanSupplier stopped) {
        return graph(index, scores).extended(live, LiveBits.EMPTY, added, stopped);
    }

    /**
     * Makes a structure from its form in a snapshot.
     *
     * @param members ordinals that are in it
     * @param kept those whose vectors are still what they were
     * @return null if too much of it is gone
     */
    @Nullable
    SearchStructure restore(VectorIndex index, MetricScores scores, byte[] bytes, LiveBits members, LiveBits kept) {
        if (kept.alive() < members.alive()) {
            return null; // A graph leads through vectors that are gone.
        }
        VectorGraph graph = graph(index, scores);
        graph.load(bytes);
        return graph;
    }

    private VectorGraph graph(VectorIndex index, MetricScores scores) {
        return new VectorGraph(scores, degree(index), beam(index));
    }

    private int degree(VectorIndex index) {
        return 2 * index.parameter("m", properties.graphDegree() / 2);
    }

    private int beam(VectorIndex index) {
        return index.parameter("ef_construction", properties.graphBuildBeam());
    }

    /** What a structure must have been built like to stand for an index, in words. */
    String shape(VectorIndex index, int dimension) {
        String how = index.method() == IndexMethod.HNSW ? "graph " + degree(index) + " " + beam(index) : "lists";
        return dimension + " " + index.metric().wireName() + " " + how;
    }
}
