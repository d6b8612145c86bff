package com.akidb.engine.embedded.index;

import com.akidb.engine.embedded.index.View.ColumnView;
import com.akidb.engine.embedded.index.View.IndexView;
import com.akidb.engine.embedded.index.graph.VectorGraph;
import com.akidb.engine.embedded.index.rows.LiveBits;
import com.akidb.engine.embedded.index.vectors.MetricScores;
import com.akidb.engine.embedded.index.vectors.SearchStructure;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Builds what the indexes of a table search in, and adds to it what has come since. */
final class IndexBuilds {

    private static final Logger log = LoggerFactory.getLogger(IndexBuilds.class);

    /** Vectors beside a structure that searches compare one by one. */
    private static final int MOST_BESIDE = 4_096;

    private final LiveTableIndex table;
    private final IndexProperties properties;
    private final Structures structures;

    IndexBuilds(LiveTableIndex table, IndexProperties properties, Structures structures) {
        this.table = table;
        this.properties = properties;
        this.structures = structures;
    }

    /** Whether there is an index to build or to add to. */
    boolean isNeeded(View view) {
        return view.columns().stream().anyMatch(column -> next(column) != null);
    }

    /** Builds one index or adds to it; false if nothing is to be done. */
    boolean step(View view) {
        for (int i = 0; i < view.columns().size(); i++) {
            ColumnView column = view.columns().get(i);
            IndexView next = next(column);
            if (next != null) {
                build(view.generation().columns().get(i), column.live(), next);
                return true;
            }
        }
        return false;
    }

    private @Nullable IndexView next(ColumnView column) {
        return column.indexes().stream()
                .filter(index -> isWanted(index.index(), column) && isBehind(index, column.live()))
                .findFirst()
                .orElse(null);
    }

    /** Whether an index is worth its memory now. */
    boolean isWanted(VectorIndex index, ColumnView column) {
        int alive = column.live().alive();
        if (index.isDeclared()) {
            return alive > properties.exactMaxRows();
        }
        return alive >= properties.graphMinRows()
                && VectorGraph.suits(index.metric())
                && column.indexes().stream()
                        .noneMatch(other ->
                                other.index().isDeclared() && other.index().metric() == index.metric());
    }

    private static boolean isBehind(IndexView view, LiveBits live) {
        VectorIndex index = view.index();
        return index.error() == null
                && (view.structure() == null
                        || index.isRebuildWanted()
                        || live.countWithout(view.members()) > MOST_BESIDE
                        || isOutgrown(view.structure(), live));
    }

    private static boolean isOutgrown(SearchStructure structure, LiveBits live) {
        return live.alive() > structure.mostMembers();
    }

    private void build(VectorColumn column, LiveBits live, IndexView view) {
        VectorIndex index = view.index();
        SearchStructure old = view.structure();
        old = index.isRebuildWanted() || old == null || isOutgrown(old, live) ? null : old;
        int total = Math.max(1, old == null ? live.alive() : live.countWithout(view.members()));
        IntConsumer progress = old == null ? added -> index.progress((int) (100L * added / total)) : added -> {};
        BooleanSupplier stopped = () -> table.isClosed() || index.isDropped();
        try {
            MetricScores scores = column.scores(index.metric());
            SearchStructure built = old == null
                    ? structures.build(index, scores, live, progress, stopped)
                    : old.extended(live, view.members(), progress, stopped);
            if (built != null) {
                LiveBits members = old == null ? live : live.or(view.members());
                index.built();
                publish(column, new IndexView(index, built, members));
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            log.error("The index '{}' could not be built", index.name(), e);
            index.failed(String.valueOf(e.getMessage() == null ? e : e.getMessage()));
        }
    }

    private void publish(VectorColumn column, IndexView built) {
        table.replaceColumn(
                column.memory(),
                now -> now.withIndexes(now.indexes().stream()
                        .map(index -> index.index() == built.index() ? built : index)
                        .toList()));
    }

    /** An index over vectors that were moved: built there anew if it was built before, else empty. */
    IndexView again(IndexView before, VectorColumn column, LiveBits copied) {
        VectorIndex index = before.index();
        if (before.structure() == null) {
            return IndexView.empty(index);
        }
        BooleanSupplier stopped = () -> table.isClosed() || index.isDropped();
        SearchStructure built = structures.build(index, column.scores(index.metric()), copied, added -> {}, stopped);
        return built == null ? IndexView.empty(index) : new IndexView(index, built, copied);
    }
}
