package com.akidb.engine.embedded.index;

import com.akidb.engine.embedded.index.flat.LevelCodes;
import com.akidb.engine.embedded.index.graph.VectorGraph;
import com.akidb.engine.embedded.index.rows.LiveBits;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What searches see: everything as of one commit. Never changed, only replaced by the next one.
 *
 * @param version sequence number of the commit
 * @param columns by the generation's vector columns
 */
record View(Generation generation, long version, List<ColumnView> columns) {

    /**
     * One vector column.
     *
     * @param live which ordinals are alive and have a vector
     * @param codes of all these ordinals; null while there are none
     * @param graph over the ordinals below {@code covered}; null while there is none
     */
    record ColumnView(
            LiveBits live,
            @Nullable LevelCodes codes,
            @Nullable VectorGraph graph,
            int covered) {

        ColumnView withLive(LiveBits newLive) {
            return new ColumnView(newLive, codes, graph, covered);
        }

        ColumnView withCodes(LevelCodes newCodes) {
            return new ColumnView(live, newCodes, graph, covered);
        }

        ColumnView withGraph(VectorGraph newGraph, int newCovered) {
            return new ColumnView(live, codes, newGraph, newCovered);
        }
    }

    /** Ordinals that were given out, alive or not. */
    int size() {
        return columns.isEmpty() ? 0 : columns.getFirst().live().size();
    }

    /** Whether the ordinal's row is there and has a vector in any column. */
    boolean isAlive(int ordinal) {
        for (ColumnView column : columns) {
            if (column.live().get(ordinal)) {
                return true;
            }
        }
        return false;
    }

    /** Rows that are there and have a vector, counted by the fullest column. */
    int alive() {
        int most = 0;
        for (ColumnView column : columns) {
            most = Math.max(most, column.live().alive());
        }
        return most;
    }

    /** The same view with a column replaced. */
    View with(int column, ColumnView replacement) {
        List<ColumnView> replaced = new ArrayList<>(columns);
        replaced.set(column, replacement);
        return new View(generation, version, List.copyOf(replaced));
    }
}
