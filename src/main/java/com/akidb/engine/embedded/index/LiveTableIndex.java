package com.akidb.engine.embedded.index;

import com.akidb.engine.IndexStatus;
import com.akidb.engine.VectorSearch;
import com.akidb.engine.embedded.index.View.ColumnView;
import com.akidb.error.UnavailableException;
import com.akidb.query.Predicate;
import io.micrometer.core.instrument.MultiGauge;
import java.time.Duration;
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

    private final IndexProperties properties;
    private final RowSource source;
    private final ReentrantLock writing = new ReentrantLock();
    private final Condition published = writing.newCondition();
    private final IndexMetrics metrics;
    private final RecallMonitor recall;
    private final Snapshots snapshots;
    private final FieldLoader loader;
    private final Maintenance maintenance;
    private final SearchScratch.Pool scratch =
            new SearchScratch.Pool(2 * Runtime.getRuntime().availableProcessors());
    private volatile View view;
    private volatile boolean closed;

    /** Fills itself from the source. */
    LiveTableIndex(
            IndexLayout layout,
            IndexProperties properties,
            RowSource source,
            Executor background,
            IndexMetrics metrics,
            RecallMonitor recall,
            Snapshots snapshots,
            Structures structures) {
        this.properties = properties;
        this.source = source;
        this.metrics = metrics;
        this.recall = recall;
        this.snapshots = snapshots;
        this.loader = new FieldLoader(source, writing);
        this.view = ViewLoader.load(newGeneration(layout, properties), source, snapshots);
        this.maintenance = new Maintenance(this, properties, structures, background);
    }

    /** Begins to build in the background whatever is missing. */
    void start() {
        metrics.opened(this);
        maintenance.consider(view);
    }

    IndexMetrics metrics() {
        return metrics;
    }

    Generation newGeneration(IndexLayout layout) {
        return newGeneration(layout, properties);
    }

    private static Generation newGeneration(IndexLayout layout, IndexProperties properties) {
        return Generation.empty(layout, properties.filterMemory().toBytes());
    }

    @Override
    public void apply(long version, List<RowChange> changes) {
        writing.lock();
        try {
            view = new TableWriter(view).apply(version, changes);
            published.signalAll();
        } finally {
            writing.unlock();
        }
        maintenance.consider(view);
    }

    @Override
    public void follow(long version, IndexLayout layout) {
        writing.lock();
        try {
            View before = view;
            view = ViewLoader.under(before, version, layout, source);
            Indexes.dropMissing(before, view);
            before.generation().release();
            published.signalAll();
        } finally {
            writing.unlock();
        }
        metrics.recallChecked();
        maintenance.consider(view);
    }

    @Override
    public boolean rebuild(String name) {
        View now = view;
        List<VectorIndex> named = Indexes.all(now).stream()
                .filter(index -> index.isDeclared() && index.name().equals(name))
                .toList();
        named.forEach(VectorIndex::wantRebuild);
        maintenance.consider(now);
        return !named.isEmpty();
    }

    /** Replaces a column by one of the same commit, unless it is gone. */
    void replaceColumn(ColumnMemory memory, UnaryOperator<ColumnView> change) {
        writing.lock();
        try {
            int at = view.generation().indexOf(memory);
            if (!closed && at >= 0) {
                view = view.with(at, change.apply(view.columns().get(at)));
            }
        } finally {
            writing.unlock();
        }
    }

    /** Replaces the view by one of the same commit in another generation; false if this is no longer the generation. */
    boolean replaceGeneration(Generation expected, UnaryOperator<View> change) {
        writing.lock();
        try {
            if (closed || view.generation() != expected) {
                return false;
            }
            view = change.apply(view);
            expected.release();
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
                        return search(seen, search, bits, room);
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

    private Found search(View seen, VectorSearch search, long @Nullable [] filter, SearchScratch room) {
        Searcher searcher = new Searcher(seen, search, room, recall.floor());
        Searcher.Outcome outcome = searcher.run(filter);
        metrics.searched(outcome.plan(), searcher.nanos());
        recall.consider(seen, search, filter, outcome);
        return outcome.found();
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
        SearchScratch room = scratch.take();
        try {
            return new Searcher(seen, search, room, recall.floor()).micros() <= QUICK_MICROS;
        } finally {
            scratch.giveBack(room);
        }
    }

    List<MultiGauge.Row<?>> recalls() {
        return new IndexStatuses(view, maintenance.builds()).recalls();
    }

    @Override
    public List<IndexStatus> status() {
        return new IndexStatuses(view, maintenance.builds()).all();
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
