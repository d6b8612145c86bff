package com.akidb.engine.embedded.index;

import com.akidb.engine.embedded.index.View.ColumnView;
import com.akidb.engine.embedded.index.View.IndexView;
import com.akidb.engine.embedded.index.flat.LevelCodes;
import com.akidb.engine.embedded.index.graph.VectorGraph;
import com.akidb.engine.embedded.index.rows.LiveBits;
import com.akidb.engine.embedded.index.vectors.MetricScores;
import com.akidb.engine.embedded.index.vectors.SearchStructure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is built behind the back of searches and commits: codes, indexes, compaction. One task of a table runs at a time. */
final class Maintenance {

    private static final Logger log = LoggerFactory.getLogger(Maintenance.class);

    /** Codes are made anew when the vectors have become so many times as many. */
    private static final int RETRAIN = 4;

    /** Dead ordinals that are not worth a compaction, and the share of all from which they are. */
    private static final int TOLERATED_DEAD = 4_096;

    private static final double DEAD_SHARE = 0.3;

    /** Vectors beside a structure that are not worth adding yet. */
    static final int MOST_BESIDE = 4_096;

    private final TableIndex table;
    private final IndexProperties properties;
    private final Executor executor;
    private final Structures structures;
    private final AtomicBoolean scheduled = new AtomicBoolean();

    Maintenance(TableIndex table, IndexProperties properties, Structures structures, Executor executor) {
        this.table = table;
        this.properties = properties;
        this.executor = executor;
        this.structures = structures;
    }

    /** Looks whether something is to be done, and if so, has it done in the background. */
    void consider(View view) {
        if ((needsCompaction(view) || columnWithoutCodes(view) >= 0 || needsIndex(view))
                && scheduled.compareAndSet(false, true)) {
            try {
                executor.execute(this::work);
            } catch (RejectedExecutionException e) {
                log.debug("No maintenance while the indexes are closed");
            }
        }
    }

    private void work() {
        boolean failed = false;
        try {
            boolean more = true;
            while (more && !table.isClosed()) {
                long start = System.nanoTime();
                more = step();
                if (more) {
                    table.metrics().built(System.nanoTime() - start);
                }
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            failed = true;
            if (!table.isClosed()) {
                log.error("Maintenance of an index failed; searches go on without it", e);
            }
        } finally {
            scheduled.set(false);
        }
        if (!failed && !table.isClosed()) {
            // A commit that came behind the last look found this task still scheduled.
            consider(table.view());
        }
    }

    private boolean step() {
        View view = table.acquire();
        try {
            if (needsCompaction(view)) {
                compact(view);
                return true;
            }
            int column = columnWithoutCodes(view);
            if (column >= 0) {
                encode(view, column);
                return true;
            }
            return buildIndex(view);
        } finally {
            view.generation().release();
        }
    }

    private static boolean needsCompaction(View view) {
        int dead = view.size() - view.rows().alive();
        return dead > TOLERATED_DEAD && dead > view.size() * DEAD_SHARE;
    }

    private int columnWithoutCodes(View view) {
        for (int i = 0; i < view.columns().size(); i++) {
            ColumnView column = view.columns().get(i);
            if (wantsCodes(view.generation().columns().get(i), column.live())) {
                LevelCodes codes = column.codes();
                if (codes == null || column.live().alive() / RETRAIN >= codes.trainedOn()) {
                    return i;
                }
            }
        }
        return -1;
    }

    private boolean wantsCodes(VectorColumn column, LiveBits live) {
        return live.alive() > properties.exactMaxRows() && column.store().dimension() >= LevelCodes.MIN_DIMENSION;
    }

    private void encode(View view, int at) {
        VectorColumn column = view.generation().columns().get(at);
        LiveBits live = view.columns().get(at).live();
        LevelCodes codes = LevelCodes.build(column.scores(), live, table::isClosed);
        table.replaceColumn(column.memory(), now -> {
            codes.extend(column.scores(), now.live(), live, table::isClosed);
            return now.withCodes(codes);
        });
    }

    private void compact(View view) {
        Generation target = table.newGeneration(view.generation().layout());
        boolean taken = false;
        try {
            Compaction compaction = new Compaction(view.generation(), target);
            if (compaction.copy(view, table::isClosed)) {
                List<Compaction.Built> built = new ArrayList<>();
                for (int i = 0; i < target.columns().size(); i++) {
                    built.add(build(target.columns().get(i), view.columns().get(i), compaction.copied(i)));
                }
                copyWhatCame(compaction, view.generation());
                taken = table.replaceGeneration(view.generation(), now -> compaction.finish(now, built));
            }
        } finally {
            if (!taken) {
                target.release();
            }
        }
    }

    /** Builds over the copied vectors what was there over the old ones; searches use the old ones meanwhile. */
    private Compaction.Built build(VectorColumn column, ColumnView old, LiveBits copied) {
        boolean wanted = wantsCodes(column, copied);
        LevelCodes codes = wanted ? LevelCodes.build(column.scores(), copied, table::isClosed) : null;
        List<IndexView> indexes = new ArrayList<>();
        for (IndexView before : old.indexes()) {
            indexes.add(again(before, column, copied));
        }
        return new Compaction.Built(codes, copied, indexes);
    }

    /** Building may have taken long: most of what came meanwhile is copied before commits have to wait. */
    private void copyWhatCame(Compaction compaction, Generation from) {
        View now = table.acquire();
        try {
            if (now.generation() == from) {
                compaction.copy(now, table::isClosed);
            }
        } finally {
            now.generation().release();
        }
    }

    /** Whether there is an index to build or to add to. */
    private boolean needsIndex(View view) {
        return view.columns().stream().anyMatch(column -> next(column) != null);
    }

    /** Builds one index or adds to it; false if nothing is to be done. */
    private boolean buildIndex(View view) {
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
                .filter(index -> isWanted(index.state(), column) && isBehind(index, column.live()))
                .findFirst()
                .orElse(null);
    }

    /** Whether an index is worth its memory now. */
    boolean isWanted(IndexState index, ColumnView column) {
        int alive = column.live().alive();
        if (index.isDeclared()) {
            return alive > properties.exactMaxRows();
        }
        return alive >= properties.graphMinRows()
                && VectorGraph.suits(index.metric())
                && column.indexes().stream()
                        .noneMatch(other ->
                                other.state().isDeclared() && other.state().metric() == index.metric());
    }

    private static boolean isBehind(IndexView view, LiveBits live) {
        IndexState index = view.state();
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
        IndexState index = view.state();
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
                        .map(index -> index.state() == built.state() ? built : index)
                        .toList()));
    }

    /** An index over vectors that were moved: built there anew if it was built before, else empty. */
    private IndexView again(IndexView before, VectorColumn column, LiveBits copied) {
        IndexState index = before.state();
        if (before.structure() == null) {
            return IndexView.empty(index);
        }
        BooleanSupplier stopped = () -> table.isClosed() || index.isDropped();
        SearchStructure built = structures.build(index, column.scores(index.metric()), copied, added -> {}, stopped);
        return built == null ? IndexView.empty(index) : new IndexView(index, built, copied);
    }
}
