package com.akidb.engine.embedded.index;

import com.akidb.engine.embedded.index.flat.LevelCodes;
import com.akidb.engine.embedded.index.rows.LiveBits;
import com.akidb.engine.embedded.index.vectors.SearchStructure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What searches see: everything as of one commit. Never changed, only replaced by the next one.
 *
 * @param version sequence number of the commit
 * @param rows which ordinals are alive; of a table without vector columns none are known
 * @param columns by the generation's vector columns
 */
record View(Generation generation, long version, LiveBits rows, List<ColumnView> columns) {

    /**
     * One vector column.
     *
     * @param live which ordinals are alive and have a vector
     * @param codes of all these ordinals; null while there are none
     * @param indexes first the one that the column has by itself, then those that were declared
     */
    record ColumnView(LiveBits live, @Nullable LevelCodes codes, List<IndexView> indexes) {

        ColumnView withLive(LiveBits newLive) {
            return new ColumnView(newLive, codes, indexes);
        }

        ColumnView withCodes(LevelCodes newCodes) {
            return new ColumnView(live, newCodes, indexes);
        }

        ColumnView withIndexes(List<IndexView> newIndexes) {
            return new ColumnView(live, codes, List.copyOf(newIndexes));
        }
    }

    /**
     * An index over a vector column.
     *
     * @param structure null while it is built for the first time
     * @param members ordinals that are in it, alive or not
     */
    record IndexView(VectorIndex index, @Nullable SearchStructure structure, LiveBits members) {

        static IndexView empty(VectorIndex index) {
            return new IndexView(index, null, LiveBits.EMPTY);
        }
    }

    /** Ordinals that were given out, alive or not. */
    int size() {
        return rows.size();
    }

    /** The same view with a column replaced. */
    View with(int column, ColumnView replacement) {
        List<ColumnView> replaced = new ArrayList<>(columns);
        replaced.set(column, replacement);
        return new View(generation, version, rows, List.copyOf(replaced));
    }
}
