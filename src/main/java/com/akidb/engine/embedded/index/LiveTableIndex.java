package com.akidb.engine.embedded.index;

import com.akidb.engine.IndexStatus;
import com.akidb.engine.TableDefinition;
import com.akidb.engine.VectorSearch;
import com.akidb.engine.embedded.index.Generation.VectorColumn;
import com.akidb.engine.embedded.index.View.ColumnView;
import com.akidb.engine.embedded.index.flat.LevelCodes;
import com.akidb.engine.embedded.index.graph.VectorGraph;
import com.akidb.engine.embedded.index.rows.LiveBits;
import com.akidb.error.UnavailableException;
import com.akidb.query.Predicate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The index of one table: commits come in one after the other, each makes a new {@link View}, searches read the newest
 * and take no lock.
 */
final class LiveTableIndex implements TableIndex {

    /** What a search may cost where blocking is not allowed. */
    private static final double QUICK_MICROS = 1_000;

    private static final Duration COMMIT_WAIT = Duration.ofSeconds(10);

    private final TableDefinition definition;
    private final IndexProperties properties;
    private final ReentrantLock writing = new ReentrantLock();
    private final Condition published = writing.newCondition();
    private final IndexMetrics metrics;
    private final Snapshots snapshots;
    private final FieldLoader loader;
    private final Maintenance maintenance;
    private final SearchScratch.Pool scratch =
            new SearchScratch.Pool(2 * Runtime.getRuntime().availableProcessors());
    private volatile View view;
    private volatile boolean closed;

    /** Fills itself from the source. */
    LiveTableIndex(
            TableDefinition definition,
            IndexProperties properties,
            RowSource source,
            Executor background,
            IndexMetrics metrics,
            Snapshots snapshots) {
        this.definition = definition;
        this.properties = properties;
        this.metrics = metrics;
        this.snapshots = snapshots;
        this.loader = new FieldLoader(source, writing);
        this.view = ViewLoader.load(newGeneration(definition, properties), source, snapshots);
        this.maintenance = new Maintenance(this, properties, background);
    }

    /** Begins to build in the background whatever is missing. */
    void start() {
        metrics.opened(this);
        maintenance.consider(view);
    }

    IndexMetrics metrics() {
        return metrics;
    }

    Generation newGeneration() {
        return newGeneration(definition, properties);
    }

    private static Generation newGeneration(TableDefinition definition, IndexProperties properties) {
        return new Generation(definition, properties.filterMemory().toBytes());
    }

    @Override
    public void apply(long version, List<RowChange> changes) {
        writing.lock();
        try {
            TableWriter writer = new TableWriter(view);
            writer.reserve(changes.size());
            changes.forEach(writer::apply);
            view = writer.finish(version);
            published.signalAll();
        } finally {
            writing.unlock();
        }
        maintenance.consider(view);
    }

    /** Replaces the view by one of the same commit; false if the index was closed meanwhile. */
    boolean replace(UnaryOperator<View> change) {
        writing.lock();
        try {
            if (closed) {
                return false;
            }
            View before = view;
            view = change.apply(before);
            if (view.generation() != before.generation()) {
                before.generation().release();
            }
            return true;
        } finally {
            writing.unlock();
        }
    }

    @Override
    public Found search(VectorSearch search) {
        SearchScratch room = scratch.take();
        Predicate filter = search.filter();
        try {
            while (true) {
                View seen = acquire();
                try {
                    long[] bits = filter == null ? null : bits(seen, filter);
                    if (filter == null || bits != null) {
                        return new Searcher(seen, search, room).run(bits, metrics);
                    }
                } finally {
                    seen.generation().release();
                }
                awaitVersion(loader.load(filter, () -> view));
            }
        } finally {
            scratch.giveBack(room);
        }
    }

    /** The bits of a filter; null if values that it needs are not in memory. */
    private static long @Nullable [] bits(View seen, Predicate filter) {
        boolean there =
                seen.generation().fields().missing(filter, seen.version()).isEmpty();
        return there ? seen.generation().fields().bits(filter, seen.size()) : null;
    }

    /** Waits for a commit that the store has and that is about to be applied. */
    private void awaitVersion(long version) {
        writing.lock();
        try {
            long left = COMMIT_WAIT.toNanos();
            while (view.version() < version && !closed) {
                if (left <= 0) {
                    throw new UnavailableException("The index does not follow the store");
                }
                left = published.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("Interrupted while waiting for a commit", e);
        } finally {
            writing.unlock();
        }
    }

    /** The newest view, whose generation the caller releases. */
    View acquire() {
        while (true) {
            View seen = view;
            if (seen.generation().acquire()) {
                return seen;
            }
            if (closed) {
                throw new UnavailableException("The index is closed");
            }
        }
    }

    /** The newest view, which may lose its memory at any time. */
    View view() {
        return view;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public boolean isQuick(VectorSearch search) {
        View seen = view;
        Predicate filter = search.filter();
        if (filter != null
                && !seen.generation().fields().missing(filter, seen.version()).isEmpty()) {
            return false;
        }
        LiveBits live =
                seen.columns().get(seen.generation().indexOf(search.column())).live();
        return Searcher.choose(seen, search, live.alive()).micros() <= QUICK_MICROS;
    }

    @Override
    public List<IndexStatus> status() {
        View seen = view;
        List<IndexStatus> statuses = new ArrayList<>();
        for (int i = 0; i < seen.columns().size(); i++) {
            VectorColumn column = seen.generation().columns().get(i);
            ColumnView columnView = seen.columns().get(i);
            LevelCodes codes = columnView.codes();
            VectorGraph graph = columnView.graph();
            long bytes = column.store().bytes()
                    + columnView.live().bytes()
                    + seen.generation().rows().bytes()
                    + seen.generation().fields().bytes()
                    + (codes == null ? 0 : codes.bytes())
                    + (graph == null ? 0 : graph.bytes());
            int alive = columnView.live().alive();
            boolean wanted = alive >= properties.graphMinRows()
                    && VectorGraph.suits(column.store().metric());
            String state = graph != null ? "ready" : wanted ? "building" : "exact";
            int percent = state.equals("building") ? maintenance.graphPercent(i) : 100;
            statuses.add(new IndexStatus(null, column.column().name(), state, percent, alive, bytes, null, null));
        }
        return statuses;
    }

    @Override
    public void snapshot() {
        View seen = acquire();
        try {
            snapshots.write(seen);
        } finally {
            seen.generation().release();
        }
    }

    @Override
    public void close() {
        writing.lock();
        try {
            if (!closed) {
                closed = true;
                metrics.closed(this);
                view.generation().release();
                published.signalAll();
            }
        } finally {
            writing.unlock();
        }
    }
}
