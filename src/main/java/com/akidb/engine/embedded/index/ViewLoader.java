package com.akidb.engine.embedded.index;

import com.akidb.engine.embedded.index.Generation.VectorColumn;
import com.akidb.engine.embedded.index.View.ColumnView;
import com.akidb.engine.embedded.index.graph.VectorGraph;
import com.akidb.engine.embedded.index.rows.LiveBits;
import com.akidb.engine.embedded.index.snapshot.TableSnapshot;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fills an empty generation with the vectors that the store has. */
final class ViewLoader {

    private ViewLoader() {}

    static View load(Generation generation, RowSource source, Snapshots snapshots) {
        long version = source.version();
        TableSnapshot snapshot = snapshots.load(source).orElse(null);
        if (snapshot != null) {
            takeOrdinals(generation, snapshot);
        }
        List<LiveBits.Editor> editors = new ArrayList<>();
        for (VectorColumn column : generation.columns()) {
            LiveBits.Editor bits = new LiveBits.Editor(LiveBits.EMPTY);
            source.forEachVector(column.position(), (rowId, vector) -> {
                int known = generation.rows().ordinal(rowId);
                int ordinal = known >= 0 ? known : generation.rows().add(rowId);
                column.store().put(ordinal, vector);
                bits.growTo(ordinal + 1);
                bits.revive(ordinal);
            });
            editors.add(bits);
        }
        List<ColumnView> columns = new ArrayList<>();
        for (int i = 0; i < editors.size(); i++) {
            editors.get(i).growTo(generation.rows().size());
            columns.add(column(generation, i, editors.get(i).finish(), snapshot, snapshots));
        }
        return new View(generation, version, List.copyOf(columns));
    }

    /** Gives the rows the ordinals that the snapshot's graphs know them by. */
    private static void takeOrdinals(Generation generation, TableSnapshot snapshot) {
        for (long rowId : snapshot.rowIds()) {
            if (rowId == TableSnapshot.DEAD) {
                generation.rows().addDead();
            } else {
                generation.rows().add(rowId);
            }
        }
    }

    private static ColumnView column(
            Generation generation, int at, LiveBits live, @Nullable TableSnapshot snapshot, Snapshots snapshots) {
        VectorColumn column = generation.columns().get(at);
        VectorGraph graph = snapshot == null ? null : snapshots.graph(snapshot, column);
        int covered = 0;
        if (graph != null && snapshot != null) {
            for (TableSnapshot.Graph saved : snapshot.graphs()) {
                covered = saved.column().equals(column.column().name()) ? saved.covered() : covered;
            }
            column.store().reserve(covered);
        }
        return new ColumnView(live, null, graph, covered);
    }
}
