package com.akidb.engine.embedded.index;

import com.akidb.engine.IndexMethod;
import com.akidb.engine.embedded.index.graph.VectorGraph;
import com.akidb.engine.embedded.index.lists.ClusteredLists;
import com.akidb.engine.embedded.index.rows.LiveBits;
import com.akidb.engine.embedded.index.snapshot.SectionInput;
import com.akidb.engine.embedded.index.vectors.MetricScores;
import com.akidb.engine.embedded.index.vectors.SearchStructure;
import com.akidb.engine.embedded.index.vectors.Sphere;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Makes what indexes search in. */
class Structures {

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
            IndexState index, MetricScores scores, LiveBits live, IntConsumer added, BooleanSupplier stopped) {
        SearchStructure empty = index.method() == IndexMethod.IVFFLAT
                ? ClusteredLists.around(scores, live, lists(index), stopped)
                : new VectorGraph(Sphere.around(scores, live), degree(index), beam(index));
        return empty == null ? null : empty.extended(live, LiveBits.EMPTY, added, stopped);
    }

    /**
     * Makes a structure from its form in a snapshot.
     *
     * @param members ordinals that are in it
     * @param kept those whose vectors are still what they were
     * @return null if too much of it is gone
     */
    @Nullable
    SearchStructure restore(IndexState index, MetricScores scores, SectionInput in, LiveBits members, LiveBits kept)
            throws IOException {
        if (index.method() == IndexMethod.IVFFLAT) {
            return ClusteredLists.load(scores, in, kept);
        }
        // A graph leads through all of its vectors.
        return kept.alive() < members.alive() ? null : VectorGraph.load(scores, degree(index), beam(index), in);
    }

    private static int lists(IndexState index) {
        return index.parameter("lists", 100);
    }

    private int degree(IndexState index) {
        return 2 * index.parameter("m", properties.graphDegree() / 2);
    }

    private int beam(IndexState index) {
        return index.parameter("ef_construction", properties.graphBuildBeam());
    }

    /** What a structure must have been built like to stand for an index, in words. */
    String shape(IndexState index, int dimension) {
        String how = index.method() == IndexMethod.HNSW
                ? "graph " + degree(index) + " " + beam(index)
                : "lists " + lists(index);
        return dimension + " " + index.metric().wireName() + " " + how;
    }
}
