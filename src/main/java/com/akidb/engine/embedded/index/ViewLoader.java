package com.akidb.engine.embedded.index;

import com.akidb.engine.embedded.index.View.ColumnView;
import com.akidb.engine.embedded.index.View.IndexView;
import com.akidb.engine.embedded.index.rows.LiveBits;
import com.akidb.engine.embedded.index.rows.RowOrdinals;
import com.akidb.engine.embedded.index.snapshot.TableSnapshot;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fills generations with what the store has. */
final class ViewLoader {

    private ViewLoader() {}

    /** The view of an empty generation, filled. */
    static View load(Generation generation, RowSource source, Snapshots snapshots) {
        long version = source.version();
        if (generation.columns().isEmpty()) {
            return new View(generation, version, LiveBits.EMPTY, List.of());
        }
        TableSnapshot snapshot = snapshots.load(source).orElse(null);
        if (snapshot != null) {
            takeOrdinals(generation, snapshot);
        }
        LiveBits rows = rows(generation.rows(), source);
        List<ColumnView> columns = new ArrayList<>();
        for (VectorColumn column : generation.columns()) {
            LiveBits live = vectors(column, generation.rows(), source);
            columns.add(new ColumnView(live, null, indexes(generation.layout(), column, snapshot, snapshots)));
        }
        return new View(generation, version, rows, List.copyOf(columns));
    }

    /**
     * The view under another layout; of a table that had no vector columns the rows are read from the source if it has one
     * now.
     */
    static View under(View before, long version, IndexLayout layout, RowSource source) {
        Generation generation = before.generation().under(layout);
        LiveBits rows = before.rows();
        if (before.columns().isEmpty()) {
            rows = generation.columns().isEmpty() ? LiveBits.EMPTY : rows(generation.rows(), source);
        }
        List<ColumnView> columns = new ArrayList<>();
        for (VectorColumn column : generation.columns()) {
            int known = before.generation().indexOf(column.memory());
            ColumnView view = known >= 0 ? before.columns().get(known) : unfilled(rows.size());
            columns.add(view.withIndexes(Indexes.under(layout, column, view.indexes())));
        }
        return new View(generation, version, rows, List.copyOf(columns));
    }

    private static ColumnView unfilled(int size) {
        LiveBits.Editor live = new LiveBits.Editor(LiveBits.EMPTY);
        live.growTo(size);
        return new ColumnView(live.finish(), null, List.of());
    }

    /** Gives the rows the ordinals that the snapshot's structures know them by. */
    private static void takeOrdinals(Generation generation, TableSnapshot snapshot) {
        for (long rowId : snapshot.rowIds()) {
            if (rowId == TableSnapshot.DEAD) {
                generation.rows().addDead();
            } else {
                generation.rows().add(rowId);
            }
        }
    }

    private static LiveBits rows(RowOrdinals ordinals, RowSource source) {
        LiveBits.Editor rows = new LiveBits.Editor(LiveBits.EMPTY);
        source.forEachRow(rowId -> {
            int known = ordinals.ordinal(rowId);
            int ordinal = known >= 0 ? known : ordinals.add(rowId);
            rows.growTo(ordinals.size());
            rows.revive(ordinal);
        });
        rows.growTo(ordinals.size());
        return rows.finish();
    }

    private static LiveBits vectors(VectorColumn column, RowOrdinals ordinals, RowSource source) {
        LiveBits.Editor live = new LiveBits.Editor(LiveBits.EMPTY);
        live.growTo(ordinals.size());
        source.forEachVector(column.memory().columnId(), (rowId, vector) -> {
            int ordinal = ordinals.ordinal(rowId);
            column.store().put(ordinal, vector);
            live.revive(ordinal);
        });
        return live.finish();
    }

    private static List<IndexView> indexes(
            IndexLayout layout, VectorColumn column, @Nullable TableSnapshot snapshot, Snapshots snapshots) {
        List<IndexView> indexes = Indexes.under(layout, column, List.of());
        return snapshot == null
                ? indexes
                : indexes.stream()
                        .map(index -> snapshots.restore(snapshot, column, index))
                        .toList();
    }
}
