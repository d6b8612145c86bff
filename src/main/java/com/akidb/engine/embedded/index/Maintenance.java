package com.akidb.engine.embedded.index;

import com.akidb.engine.embedded.index.Generation.VectorColumn;
import com.akidb.engine.embedded.index.View.ColumnView;
import com.akidb.engine.embedded.index.flat.LevelCodes;
import com.akidb.engine.embedded.index.graph.VectorGraph;
import com.akidb.engine.embedded.index.rows.LiveBits;
import com.akidb.vector.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is built behind the back of searches and commits: codes, graphs, compaction. One task of a table runs at a time. */
final class Maintenance {

    private static final Logger log = LoggerFactory.getLogger(Maintenance.class);

    /** Codes are made anew when the vectors have become so many times as many. */
    private static final int RETRAIN = 4;

    /** Dead ordinals that are not worth a compaction, and the share of all from which they are. */
    private static final int TOLERATED_DEAD = 4_096;

    private static final double DEAD_SHARE = 0.3;

    /** Ordinals behind the graph that searches scan beside it. */
    private static final int GRAPH_TAIL = 4_096;

    private final LiveTableIndex index;
    private final IndexProperties properties;
    private final Executor executor;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final AtomicIntegerArray progress;

    Maintenance(LiveTableIndex index, IndexProperties properties, Executor executor) {
        this.index = index;
        this.properties = properties;
        this.executor = executor;
        this.progress = new AtomicIntegerArray(index.view().columns().size());
    }

    /** Looks whether something is to be done, and if so, has it done in the background. */
    void consider(View view) {
        if ((needsCompaction(view) || columnWithoutCodes(view) >= 0 || columnWithoutGraph(view) >= 0)
                && scheduled.compareAndSet(false, true)) {
            try {
                executor.execute(this::work);
            } catch (RejectedExecutionException e) {
                log.debug("No maintenance while the indexes are closed");
            }
        }
    }

    private void work() {
        try {
            boolean more = true;
            while (more && !index.isClosed()) {
                long start = System.nanoTime();
                more = step();
                if (more) {
                    index.metrics().built(System.nanoTime() - start);
                }
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            if (!index.isClosed()) {
                log.error("Maintenance of an index failed; searches go on without it", e);
            }
        } finally {
            scheduled.set(false);
        }
    }

    private boolean step() {
        View view = index.acquire();
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
            int behind = columnWithoutGraph(view);
            if (behind >= 0) {
                extendGraph(view, behind);
                return true;
            }
            return false;
        } finally {
            view.generation().release();
        }
    }

    private static boolean needsCompaction(View view) {
        int dead = view.size() - view.alive();
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
        return live.alive() > properties.exactMaxRows() && column.store().dimension() >= CodeBuilder.MIN_DIMENSION;
    }

    /** A column whose graph is missing or far behind; -1 if there is none. */
    private int columnWithoutGraph(View view) {
        for (int i = 0; i < view.columns().size(); i++) {
            ColumnView column = view.columns().get(i);
            Metric metric = view.generation().columns().get(i).store().metric();
            boolean behind = column.graph() == null || column.live().size() - column.covered() > GRAPH_TAIL;
            if (column.live().alive() >= properties.graphMinRows() && VectorGraph.suits(metric) && behind) {
                return i;
            }
        }
        return -1;
    }

    private void extendGraph(View view, int at) {
        ColumnView column = view.columns().get(at);
        VectorGraph known = column.graph();
        VectorGraph graph = known != null
                ? known
                : new VectorGraph(
                        view.generation().columns().get(at).store(),
                        properties.graphDegree(),
                        properties.graphBuildBeam());
        LiveBits live = column.live();
        int end = live.size();
        graph.add(
                live,
                column.covered(),
                end,
                ordinal -> progress.set(at, (int) (100L * ordinal / end)),
                index::isClosed);
        index.replace(now -> now.with(at, now.columns().get(at).withGraph(graph, end)));
    }

    /** How much of a column's graph is built, 0 to 100. */
    int graphPercent(int column) {
        return progress.get(column);
    }

    private void encode(View view, int at) {
        VectorColumn column = view.generation().columns().get(at);
        LiveBits live = view.columns().get(at).live();
        LevelCodes codes = CodeBuilder.build(column.store(), live, index::isClosed);
        index.replace(now -> {
            LiveBits newest = now.columns().get(at).live();
            CodeBuilder.extend(codes, column.store(), newest, live.size(), index::isClosed);
            return now.with(at, now.columns().get(at).withCodes(codes));
        });
    }

    private void compact(View view) {
        Generation target = index.newGeneration();
        boolean taken = false;
        try {
            Compaction compaction = new Compaction(view.generation(), target);
            compaction.copy(view, 0, index::isClosed);
            List<@Nullable LevelCodes> codes = new ArrayList<>();
            List<LiveBits> copied = compaction.copied();
            for (int i = 0; i < copied.size(); i++) {
                VectorColumn column = target.columns().get(i);
                boolean wanted = wantsCodes(column, copied.get(i));
                codes.add(wanted ? CodeBuilder.build(column.store(), copied.get(i), index::isClosed) : null);
            }
            taken = index.replace(now -> compaction.finish(now, view.size(), codes));
        } finally {
            if (!taken) {
                target.release();
            }
        }
    }
}
