package com.akidb.engine.embedded.index;

import com.akidb.memory.Heap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the indexes in memory.
 *
 * @param exactMaxRows number of vectors up to which a search compares all of them in full precision, without
 *     quantised codes
 * @param graphMinRows number of vectors from which a graph is built beside the quantised codes
 * @param graphDegree number of neighbours of a graph node (twice the m of HNSW), 4 to 128
 * @param graphBuildBeam number of candidates considered when a node is added to a graph (ef_construction), 8 to
 *     1,000
 * @param filterMemory maximum memory of one table's filter columns; the least recently used are evicted first. An
 *     eighth of the heap by default, at most 256MB
 * @param recall how searches are checked
 */
@ConfigurationProperties("akidb.index")
public record IndexProperties(
        @DefaultValue("2000") int exactMaxRows,
        @DefaultValue("500000") int graphMinRows,
        @DefaultValue("32") int graphDegree,
        @DefaultValue("100") int graphBuildBeam,
        @Nullable DataSize filterMemory,
        @DefaultValue Recall recall) {

    /**
     * Searches that are repeated exactly in the background, to see how much of the true nearest rows they find.
     *
     * @param sample share of the searches whose recall is measured, 0 to 1
     * @param floor recall, 0 to 1, below which an index widens its searches by itself
     */
    public record Recall(
            @DefaultValue("0.01") double sample,
            @DefaultValue("0.95") double floor) {
        public Recall {
            require(sample >= 0 && sample <= 1, "recall.sample", "must be from 0 to 1");
            require(floor >= 0 && floor <= 1, "recall.floor", "must be from 0 to 1");
        }
    }

    public IndexProperties {
        require(exactMaxRows >= 0, "exact-max-rows", "must not be negative");
        require(graphMinRows >= 1, "graph-min-rows", "must be at least 1");
        require(graphDegree >= 4 && graphDegree <= 128, "graph-degree", "must be from 4 to 128");
        require(graphBuildBeam >= 8 && graphBuildBeam <= 1_000, "graph-build-beam", "must be from 8 to 1,000");
        require(filterMemory == null || filterMemory.toBytes() > 0, "filter-memory", "must be more than 0");
    }

    /** The settings that hold when nothing is said. */
    public static IndexProperties defaults() {
        return of(2_000, 500_000);
    }

    /** The same but for when codes and graphs are made. */
    public static IndexProperties of(int exactMaxRows, int graphMinRows) {
        return new IndexProperties(exactMaxRows, graphMinRows, 32, 100, null, new Recall(0.01, 0.95));
    }

    /** Bytes of one table's filter columns. */
    public long filterBytes() {
        return filterMemory == null ? Heap.eighth(4L << 20, 256L << 20) : filterMemory.toBytes();
    }

    private static void require(boolean holds, String key, String rule) {
        if (!holds) {
            throw new IllegalArgumentException("akidb.index." + key + " " + rule);
        }
    }
}
