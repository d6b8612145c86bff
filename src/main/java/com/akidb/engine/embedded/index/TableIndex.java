package com.akidb.engine.embedded.index;

import com.akidb.engine.IndexStatus;
import com.akidb.engine.SearchExplanation;
import com.akidb.engine.TableDefinition;
import com.akidb.engine.VectorSearch;
import com.akidb.engine.embedded.index.View.ColumnView;
import com.akidb.engine.embedded.index.View.IndexView;
import com.akidb.engine.embedded.index.filter.FilterField;
import com.akidb.engine.embedded.index.filter.FilterFields;
import com.akidb.engine.embedded.index.flat.LevelCodes;
import com.akidb.engine.embedded.index.rows.RowOrdinals;
import com.akidb.engine.embedded.index.vectors.SearchStructure;
import com.akidb.error.UnavailableException;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.agrona.collections.Long2LongHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything in memory that follows the commits of one table. One thread applies commits, each of which makes a new
 * {@link View}; any number of threads search the newest, take no lock, and see whole commits only.
 */
public final class TableIndex implements AutoCloseable {

    /** Row ids and scores, best first. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Found(
            long[] rowIds, float[] scores, @Nullable SearchExplanation explanation) {}

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
    private final ReentrantLock loading = new ReentrantLock();
    private final Maintenance maintenance;
    private final SearchScratch.Pool scratch =
            new SearchScratch.Pool(2 * Runtime.getRuntime().availableProcessors());
    private volatile View view;
    private volatile boolean closed;

    /** Fills itself from the source. */
    TableIndex(
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
        this.view = View.load(newGeneration(layout, properties), source, snapshots);
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
        return Generation.empty(layout, properties.filterBytes());
    }

    /**
     * Takes in a commit. Called by the writer's thread, before the write is answered; never fails half way.
     *
     * @param time of the commit, in microseconds
     */
    public void apply(long version, Instant time, List<RowChange> changes) {
        writing.lock();
        try {
            view = new CommitApplier(view, version, time).apply(changes);
            published.signalAll();
        } finally {
            writing.unlock();
        }
        maintenance.consider(view);
    }

    /**
     * Takes in a commit that changed the table's columns or the indexes that it should have. Columns with an id that is
     * there already keep what is known of them; new ones begin without vectors; all changes are seen by a search at once
     * or not at all. Indexes that are new are built in the background, those that are gone are dropped. Called by the
     * writer's thread.
     */
    public void follow(long version, IndexLayout layout) {
        writing.lock();
        try {
            View before = view;
            view = before.under(version, layout, source);
            List<IndexState> kept = view.indexes();
            before.indexes().stream().filter(index -> !kept.contains(index)).forEach(IndexState::drop);
            before.generation().release();
            published.signalAll();
        } finally {
            writing.unlock();
        }
        metrics.recallChecked();
        maintenance.consider(view);
    }

    /**
     * Builds a declared index anew in the background; the old one serves until then. One that is not worth building while
     * the column has so few vectors is built when it has more.
     *
     * @return false if there is none of that name
     */
    public boolean rebuild(String name) {
        View now = view;
        List<IndexState> named = now.indexes().stream()
                .filter(index -> index.isDeclared() && index.name().equals(name))
                .toList();
        named.forEach(IndexState::wantRebuild);
        maintenance.consider(now);
        return !named.isEmpty();
    }

    /** Replaces a column by one of the same commit, unless it is gone. */
    void replaceColumn(VectorColumn.Memory memory, UnaryOperator<ColumnView> change) {
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

    /**
     * The nearest rows as of the last applied commit; may read the store once when a filter names a new field.
     *
     * @throws com.akidb.error.InvalidInputException if there is no such VECTOR column, or the vector is of another
     *     dimension
     */
    public Found search(VectorSearch search) {
        return Objects.requireNonNull(search(search, null));
    }

    /**
     * As {@link #search(VectorSearch)}, but only while the index follows a table of that definition.
     *
     * @param pinned the very one that the layout had; null for any
     * @return null if it follows another
     */
    public @Nullable Found search(VectorSearch search, @Nullable TableDefinition pinned) {
        SearchScratch room = scratch.take();
        Predicate filter = search.filter();
        try {
            while (true) {
                View seen = acquire();
                try {
                    if (pinned != null && seen.generation().layout().definition() != pinned) {
                        return null;
                    }
                    long[] bits = filter == null ? null : bits(seen, filter);
                    if (filter == null || bits != null) {
                        return search(seen, search, bits, room);
                    }
                } finally {
                    seen.generation().release();
                }
                awaitVersion(loadFields(filter));
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

    /**
     * Reads the values of fields that a filter names for the first time. A field follows commits before the store is
     * read; rows that change between the two are dead in every view that the field serves.
     *
     * @return the first commit that all fields serve
     */
    private long loadFields(Predicate predicate) {
        loading.lock();
        try {
            long version = 0;
            View now = view;
            for (FieldPath path : now.generation().fields().missing(predicate, now.version())) {
                version = Math.max(version, loadField(path));
            }
            writing.lock();
            try {
                now.generation().fields().trim(FilterFields.of(predicate));
            } finally {
                writing.unlock();
            }
            return version;
        } finally {
            loading.unlock();
        }
    }

    private long loadField(FieldPath path) {
        Generation generation;
        FilterField field;
        int ordinals;
        writing.lock();
        try {
            generation = view.generation();
            FilterField known = generation.fields().find(path);
            if (known != null && known.readyFrom() != Long.MAX_VALUE) {
                return known.readyFrom();
            }
            ordinals = generation.rows().size();
            field = generation.fields().register(path, ordinals);
        } finally {
            writing.unlock();
        }
        boolean done = false;
        try {
            fill(field, generation.rows(), ordinals);
            long version = source.version();
            writing.lock();
            try {
                field.ready(version);
            } finally {
                writing.unlock();
            }
            done = true;
            return version;
        } finally {
            if (!done) {
                writing.lock();
                try {
                    generation.fields().forget(field);
                } finally {
                    writing.unlock();
                }
            }
        }
    }

    private void fill(FilterField field, RowOrdinals rows, int ordinals) {
        Long2LongHashMap byRow = new Long2LongHashMap(-1);
        for (int ordinal = 0; ordinal < ordinals; ordinal++) {
            byRow.put(rows.rowId(ordinal), ordinal);
        }
        source.forEachValue(field.columnId(), (rowId, value) -> {
            int ordinal = (int) byRow.get(rowId);
            if (ordinal >= 0) {
                field.fill(ordinal, value);
            }
        });
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

    /** Whether {@link #search(VectorSearch, TableDefinition)} would find something, be short and not read the store. */
    public boolean isQuick(VectorSearch search, @Nullable TableDefinition pinned) {
        View seen = view;
        if (pinned != null && seen.generation().layout().definition() != pinned) {
            return false;
        }
        Predicate filter = search.filter();
        double micros = 0;
        if (filter != null) {
            FilterFields fields = seen.generation().fields();
            if (!fields.missing(filter, seen.version()).isEmpty()) {
                return false;
            }
            micros = fields.micros(filter, seen.size());
        }
        SearchScratch room = scratch.take();
        try {
            return new Searcher(seen, search, room, recall.floor()).micros() + micros <= QUICK_MICROS;
        } finally {
            scratch.giveBack(room);
        }
    }

    /** First of what each column has by itself, then of the declared ones in the order of the layout. */
    public List<IndexStatus> status() {
        View seen = view;
        List<IndexStatus> statuses = new ArrayList<>();
        for (int i = 0; i < seen.columns().size(); i++) {
            statuses.add(status(seen, i, seen.columns().get(i).indexes().getFirst()));
        }
        seen.generation().layout().indexes().forEach(definition -> {
            for (int i = 0; i < seen.columns().size(); i++) {
                for (IndexView index : seen.columns().get(i).indexes()) {
                    if (index.state().isDeclared() && index.state().name().equals(definition.name())) {
                        statuses.add(status(seen, i, index));
                    }
                }
            }
        });
        return statuses;
    }

    /** What is known of the recall of the indexes, as a gauge has it; a column's own index is called after the column. */
    List<MultiGauge.Row<?>> recalls() {
        View seen = view;
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        String table = seen.generation().layout().definition().name();
        for (int i = 0; i < seen.columns().size(); i++) {
            String column = seen.generation().columns().get(i).column().name();
            for (IndexView index : seen.columns().get(i).indexes()) {
                Double recall = index.state().recall().mean();
                if (recall != null) {
                    String name = index.state().isDeclared() ? index.state().name() : "automatic:" + column;
                    rows.add(MultiGauge.Row.of(Tags.of("table", table, "index", name), recall));
                }
            }
        }
        return rows;
    }

    private IndexStatus status(View seen, int at, IndexView view) {
        VectorColumn column = seen.generation().columns().get(at);
        ColumnView columnView = seen.columns().get(at);
        IndexState index = view.state();
        String state = state(columnView, view);
        return new IndexStatus(
                index.definition(),
                column.column().name(),
                state,
                state.equals("building") || state.equals("failed") ? index.percent() : 100,
                columnView.live().alive(),
                index.isDeclared() ? bytes(view) : bytes(view) + columnBytes(seen, column, columnView),
                index.recall().mean(),
                index.recall().history(),
                index.error());
    }

    private String state(ColumnView column, IndexView view) {
        IndexState index = view.state();
        if (index.error() != null) {
            return "failed";
        }
        boolean unfinished = index.isRebuildWanted() || view.structure() == null;
        if (unfinished && maintenance.isWanted(index, column)) {
            return "building";
        }
        return view.structure() != null || index.isDeclared() ? "ready" : "exact";
    }

    private static long bytes(IndexView view) {
        SearchStructure structure = view.structure();
        return structure == null ? 0 : structure.bytes() + view.members().bytes();
    }

    private static long columnBytes(View seen, VectorColumn column, ColumnView columnView) {
        LevelCodes codes = columnView.codes();
        return column.store().bytes()
                + columnView.live().bytes()
                + seen.generation().rows().bytes()
                + seen.generation().fields().bytes()
                + (codes == null ? 0 : codes.bytes());
    }

    /** Writes a snapshot of what is costly to rebuild; a failure is logged and costs only time at the next start. */
    public void snapshot() {
        View seen = acquire();
        try {
            snapshots.write(seen);
        } finally {
            seen.generation().release();
        }
    }

    /** Ends following and searching; gives the memory back when the last search is over. */
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
