package com.akidb.engine.embedded.index;

import com.akidb.engine.IndexDefinition;
import com.akidb.engine.embedded.index.flat.LevelCodes;
import com.akidb.engine.embedded.index.rows.LiveBits;
import com.akidb.engine.embedded.index.rows.RowOrdinals;
import com.akidb.engine.embedded.index.snapshot.TableSnapshot;
import com.akidb.engine.embedded.index.vectors.SearchStructure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What searches see: everything as of one commit. Never changed, only replaced by the next one: the first is loaded from
 * the store and a snapshot, a commit's is made by {@link CommitApplier}, that of a changed layout carries over what stays.
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
    record IndexView(IndexState state, @Nullable SearchStructure structure, LiveBits members) {

        static IndexView empty(IndexState state) {
            return new IndexView(state, null, LiveBits.EMPTY);
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

    /** The indexes of all columns. */
    List<IndexState> indexes() {
        return columns.stream()
                .flatMap(column -> column.indexes().stream())
                .map(IndexView::state)
                .toList();
    }

    /** The view of an empty generation, filled. */
    static View load(Generation generation, RowSource source, Snapshots snapshots) {
        long version = source.version();
        if (generation.columns().isEmpty()) {
            return new View(generation, version, LiveBits.EMPTY, List.of());
        }
        TableSnapshot snapshot = snapshots.open(source).orElse(null);
        try {
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
        } finally {
            snapshots.close(snapshot);
        }
    }

    /**
     * The view under another layout; of a table that had no vector columns the rows are read from the source if it has one
     * now.
     */
    View under(long newVersion, IndexLayout layout, RowSource source) {
        Generation changed = generation.under(layout);
        LiveBits rowsNow = rows;
        if (columns.isEmpty()) {
            rowsNow = changed.columns().isEmpty() ? LiveBits.EMPTY : rows(changed.rows(), source);
        }
        List<ColumnView> columnsNow = new ArrayList<>();
        for (VectorColumn column : changed.columns()) {
            int known = generation.indexOf(column.memory());
            ColumnView view = known >= 0 ? columns.get(known) : unfilled(rowsNow.size());
            columnsNow.add(view.withIndexes(indexesUnder(layout, column, view.indexes())));
        }
        return new View(changed, newVersion, rowsNow, List.copyOf(columnsNow));
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
        List<IndexView> indexes = indexesUnder(layout, column, List.of());
        return snapshot == null
                ? indexes
                : indexes.stream()
                        .map(index -> snapshots.restore(snapshot, column, index))
                        .toList();
    }

    /**
     * The indexes of a column: the one that it has by itself, then the declared ones. Those of the same name, method,
     * metric and parameters go on as they are.
     */
    private static List<IndexView> indexesUnder(IndexLayout layout, VectorColumn column, List<IndexView> before) {
        List<IndexView> indexes = new ArrayList<>();
        indexes.add(before.isEmpty() ? IndexView.empty(IndexState.automatic(column.metric())) : before.getFirst());
        for (IndexDefinition definition : layout.indexes()) {
            if (definition.columns().equals(List.of(column.column().name()))) {
                IndexState declared = IndexState.declared(definition, column.metric());
                indexes.add(before.stream()
                        .filter(known -> known.state().isBuiltLike(declared))
                        .findFirst()
                        .map(known -> redefined(known, definition))
                        .orElseGet(() -> IndexView.empty(declared)));
            }
        }
        return List.copyOf(indexes);
    }

    private static IndexView redefined(IndexView known, IndexDefinition definition) {
        known.state().redefine(definition);
        return known;
    }
}
