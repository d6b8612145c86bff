package com.akidb.engine.embedded.index;

import com.akidb.engine.embedded.index.View.ColumnView;
import com.akidb.engine.embedded.index.View.IndexView;
import com.akidb.engine.embedded.index.flat.LevelCodes;
import com.akidb.engine.embedded.index.rows.LiveBits;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
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

    private final LiveTableIndex index;
    private final IndexProperties properties;
    private final Executor executor;
    private final IndexBuilds builds;
    private final AtomicBoolean scheduled = new AtomicBoolean();

    Maintenance(LiveTableIndex index, IndexProperties properties, Structures structures, Executor executor) {
        this.index = index;
        this.properties = properties;
        this.executor = executor;
        this.builds = new IndexBuilds(index, properties, structures);
    }

    IndexBuilds builds() {
        return builds;
    }

    /** Looks whether something is to be done, and if so, has it done in the background. */
    void consider(View view) {
        if ((needsCompaction(view) || columnWithoutCodes(view) >= 0 || builds.isNeeded(view))
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
            while (more && !index.isClosed()) {
                long start = System.nanoTime();
                more = step();
                if (more) {
                    index.metrics().built(System.nanoTime() - start);
                }
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            failed = true;
            if (!index.isClosed()) {
                log.error("Maintenance of an index failed; searches go on without it", e);
            }
        } finally {
            scheduled.set(false);
        }
        if (!failed && !index.isClosed()) {
            // A commit that came behind the last look found this task still scheduled.
            consider(index.view());
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
            return builds.step(view);
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
        return live.alive() > properties.exactMaxRows() && column.store().dimension() >= CodeBuilder.MIN_DIMENSION;
    }

    private void encode(View view, int at) {
        VectorColumn column = view.generation().columns().get(at);
        LiveBits live = view.columns().get(at).live();
        LevelCodes codes = CodeBuilder.build(column.scores(), live, index::isClosed);
        index.replaceColumn(column.memory(), now -> {
            CodeBuilder.extend(codes, column.scores(), now.live(), live, index::isClosed);
            return now.withCodes(codes);
        });
    }

    private void compact(View view) {
        Generation target = index.newGeneration(view.generation().layout());
        boolean taken = false;
        try {
            Compaction compaction = new Compaction(view.generation(), target);
            if (compaction.copy(view, index::isClosed)) {
                List<Compaction.Built> built = new ArrayList<>();
                for (int i = 0; i < target.columns().size(); i++) {
                    built.add(build(target.columns().get(i), view.columns().get(i), compaction.copied(i)));
                }
                copyWhatCame(compaction, view.generation());
                taken = index.replaceGeneration(view.generation(), now -> compaction.finish(now, built));
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
        LevelCodes codes = wanted ? CodeBuilder.build(column.scores(), copied, index::isClosed) : null;
        List<IndexView> indexes = new ArrayList<>();
        for (IndexView before : old.indexes()) {
            indexes.add(builds.again(before, column, copied));
        }
        return new Compaction.Built(codes, copied, indexes);
    }

    /** Building may have taken long: most of what came meanwhile is copied before commits have to wait. */
    private void copyWhatCame(Compaction compaction, Generation from) {
        View now = index.acquire();
        try {
            if (now.generation() == from) {
                compaction.copy(now, index::isClosed);
            }
        } finally {
            now.generation().release();
        }
    }
}
