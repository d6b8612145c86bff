package com.akidb.engine.embedded;

import com.akidb.concurrent.Patience;
import com.akidb.engine.Alteration;
import com.akidb.engine.Cell;
import com.akidb.engine.CellCounts;
import com.akidb.engine.CellQuery;
import com.akidb.engine.Changes;
import com.akidb.engine.GroupQuery;
import com.akidb.engine.IndexDefinition;
import com.akidb.engine.IndexStatus;
import com.akidb.engine.QueryPage;
import com.akidb.engine.Row;
import com.akidb.engine.RowPage;
import com.akidb.engine.RowQuery;
import com.akidb.engine.SearchResult;
import com.akidb.engine.SearchResult.Hit;
import com.akidb.engine.Table;
import com.akidb.engine.TableDefinition;
import com.akidb.engine.TableMutation;
import com.akidb.engine.TableReader;
import com.akidb.engine.TextSearch;
import com.akidb.engine.VectorSearch;
import com.akidb.engine.embedded.catalog.TableLayout;
import com.akidb.engine.embedded.catalog.TableRecord;
import com.akidb.engine.embedded.index.IndexLayout;
import com.akidb.engine.embedded.index.RowChange;
import com.akidb.engine.embedded.index.RowSource;
import com.akidb.engine.embedded.index.TableIndex;
import com.akidb.engine.embedded.index.TableIndex.Found;
import com.akidb.engine.embedded.index.TableIndexes;
import com.akidb.engine.embedded.read.StoredRows;
import com.akidb.engine.embedded.sql.SelectPlan;
import com.akidb.engine.embedded.sql.SqlTable;
import com.akidb.engine.embedded.write.Writer;
import com.akidb.error.NotFoundException;
import com.akidb.error.TableChangedException;
import com.akidb.error.UnavailableException;
import com.akidb.memory.Heap;
import com.akidb.query.Predicate;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A table that is open: its rows on disk, the index that follows them, and the rows that were read lately.
 *
 * <p>Whoever reads pins one version of the table, of the columns that the reader was made for, which is published when everything in memory has taken its commit in, and
 * reads all of it under that version. SQLite cannot be opened at a version's commit, only at its last one, which may be
 * newer; a read that meets something newer waits until that is published and begins anew under it. There is no other
 * repetition, and this one ends: a read that was overtaken too often keeps the next changes of the definition waiting until
 * it is done.
 */
final class OpenTable {

    private static final Logger log = LoggerFactory.getLogger(OpenTable.class);

    /** So often a read is begun while the table may change under it. */
    private static final int MOST_OVERTAKEN = 4;

    /** A commit that is durable is published within this, or something is wrong. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final TableRecord record;
    private final RowStore store;
    private final RowSource source;
    private final StoredRows stored;
    private final Timer searches;
    private final Index index;
    private final ReentrantLock publishing = new ReentrantLock();
    private final Condition published = publishing.newCondition();

    /** Whoever changes the definition has it alone until that is published. Fair, so that neither side keeps the other out. */
    private final ReentrantReadWriteLock definition = new ReentrantReadWriteLock(true);

    private volatile Pinned pinned;
    private volatile long snapshotVersion;

    /** A version of the table, and the rows that were read under its definition lately. */
    private record Pinned(TableRecord.Version table, RowCache rows) {

        long version() {
            return table.state().version();
        }

        TableLayout layout() {
            return table.layout();
        }

        TableDefinition definition() {
            return table.state().definition();
        }
    }

    /** @param searches times how long searches take */
    OpenTable(TableRecord record, RowStore store, RowCache rows, Index index, Timer searches) {
        this.record = record;
        this.store = store;
        this.source = store.source(record);
        this.stored = store.rows(record);
        this.searches = searches;
        this.index = index;
        this.pinned = new Pinned(record.version(), rows);
        this.snapshotVersion = pinned.version();
    }

    /** What the store knows of the table; may be ahead of what is published. */
    TableRecord record() {
        return record;
    }

    /** The table as of its last commit that searches find. */
    Table state() {
        return pinned.table.state();
    }

    /**
     * Reads the table.
     *
     * @param columnsVersion of the columns that the reader is made for, or {@link Table#ANY_COLUMNS}
     */
    TableReader reader(long columnsVersion) {
        return new Reader(columnsVersion);
    }

    /**
     * The table for a select, which reads by itself.
     *
     * @throws TableChangedException if it has other columns than those
     */
    SqlTable sqlTable(long columnsVersion) {
        TableRecord.Version now = record.version();
        try {
            now.state().requireColumns(columnsVersion);
        } catch (TableChangedException e) {
            // Only when it is published does the caller find the table as it is.
            awaitNewer(pinned);
            throw e;
        }
        return now.layout();
    }

    /** What users call the parts of the table, for a plan. */
    SelectPlan.Words words() {
        TableRecord.Version now = record.version();
        return new SelectPlan.Words() {
            @Override
            public String name() {
                return now.state().definition().name();
            }

            @Override
            public String named(String piece) {
                return stored.named(piece, now.layout());
            }
        };
    }

    /**
     * Says why a read that was made for some columns found the store ahead of them.
     *
     * @throws TableChangedException if it has others
     */
    void requireColumns(long columnsVersion) {
        awaitNewer(pinned);
        state().requireColumns(columnsVersion);
    }

    /**
     * A write that is to be queued.
     *
     * @throws TableChangedException if it was made for other columns
     */
    Writer.Wanted wanted(TableMutation mutation) {
        TableRecord.Version at = pinned.table;
        at.state().requireColumns(mutation.columnsVersion());
        return new Writer.Wanted(
                record, at.layout(), mutation.mutation(), mutation.columnsVersion(), mutation.within());
    }

    /**
     * How a snapshot reads the table.
     *
     * @throws TableChangedException if it has other columns than those
     */
    TableLayout layout(long columnsVersion) {
        Pinned at = pinned;
        at.table.state().requireColumns(columnsVersion);
        return at.layout();
    }

    /** For the writer's thread. */
    private void publish(RowCache rows) {
        publishing.lock();
        try {
            pinned = new Pinned(record.version(), rows);
            published.signalAll();
        } finally {
            publishing.unlock();
        }
    }

    /**
     * Returns when a commit is published.
     *
     * @throws NotFoundException if the table was dropped
     */
    private void await(long version) {
        publishing.lock();
        try {
            long left = LONGEST_WAIT.toNanos();
            while (pinned.version() < version) {
                if (record.isDropped()) {
                    throw OpenTables.noTable(record.id());
                }
                if (left <= 0) {
                    throw new UnavailableException("The index does not follow the commits");
                }
                left = published.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("Interrupted while waiting for a commit", e);
        } finally {
            publishing.unlock();
        }
    }

    private <T> T underSteadyDefinition(Supplier<T> reading) {
        try {
            if (!definition.readLock().tryLock(LONGEST_WAIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new UnavailableException("The table is being changed; try again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("Interrupted while waiting for a change of the table", e);
        }
        try {
            return reading.get();
        } finally {
            definition.readLock().unlock();
        }
    }

    /** Waits for what the store has and a version does not; false if that is nothing. */
    private boolean awaitNewer(Pinned at) {
        long stored = Math.max(source.version(), record.version().state().version());
        if (stored > at.version()) {
            await(stored);
        }
        return pinned != at;
    }

    List<IndexStatus> indexes() {
        List<IndexStatus> all = new ArrayList<>(index.get().status());
        all.addAll(store.indexes().status(record));
        return all;
    }

    /** @param committed called by the writer's thread when all know of it */
    void alter(Alteration alteration, Runnable committed) {
        changing(() -> {
            store.writer().alter(record, alteration, () -> redefined(committed));
            return true;
        });
    }

    /** @param committed called by the writer's thread when all know of it */
    IndexStatus createIndex(IndexDefinition definition, Runnable committed) {
        changing(() -> {
            store.indexes().create(record, definition, () -> redefined(committed));
            return true;
        });
        return status(definition.name());
    }

    /** @param committed called by the writer's thread when all know of it */
    boolean dropIndex(String name, Runnable committed) {
        return changing(() -> store.indexes().drop(record, name, () -> redefined(committed)));
    }

    private boolean changing(BooleanSupplier change) {
        definition.writeLock().lock();
        try {
            return change.getAsBoolean();
        } finally {
            definition.writeLock().unlock();
        }
    }

    IndexStatus rebuildIndex(String name) {
        if (!index.get().rebuild(name)) {
            store.indexes().rebuild(record, name);
        }
        return status(name);
    }

    private IndexStatus status(String name) {
        return indexes().stream()
                .filter(status -> status.definition() != null
                        && status.definition().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new NotFoundException("There is no index '" + name + "'"));
    }

    /** Follows a commit; for the writer's thread. */
    void committed(long version, Instant time, List<RowChange> changes) {
        RowCache rows = pinned.rows;
        // First, so that no search pairs the new index with old rows.
        rows.committed(changes);
        index.apply(version, time, changes);
        publish(rows);
    }

    /** Follows a change of the table's columns or indexes; for the writer's thread. */
    private void redefined(Runnable committed) {
        RowCache old = pinned.rows;
        index.follow(record.state().version(), record.indexLayout());
        publish(old.underNextDefinition());
        old.clear();
        committed.run();
    }

    /** Reads under a version; null if it met something newer. */
    private interface Reading<T> {
        @Nullable
        T read(Pinned at);
    }

    /** Reads and searches the table while it has some columns. */
    private final class Reader implements TableReader {

        private final long columnsVersion;

        Reader(long columnsVersion) {
            this.columnsVersion = columnsVersion;
        }

        private Pinned pin() {
            if (record.isDropped()) {
                throw OpenTables.noTable(record.id());
            }
            Pinned at = pinned;
            at.table.state().requireColumns(columnsVersion);
            return at;
        }

        private <T> T read(Function<TableLayout, T> reading) {
            return read(at -> reading.apply(at.layout()), at -> reading.apply(at.layout()));
        }

        /**
         * Pins a version and reads under it, anew under the next one when something newer shows.
         *
         * @param last reads under a definition that does not change meanwhile; rows may
         */
        private <T> T read(Reading<T> reading, Function<Pinned, T> last) {
            for (int overtaken = 0; overtaken < MOST_OVERTAKEN; overtaken++) {
                Pinned at = pin();
                try {
                    T result = reading.read(at);
                    if (result != null) {
                        return result;
                    }
                    awaitNewer(at);
                } catch (NotFoundException | UnavailableException e) {
                    // A column that was dropped meanwhile, or an index that is opened anew.
                    if (record.isDropped()) {
                        throw OpenTables.noTable(record.id());
                    }
                    if (!awaitNewer(at)) {
                        throw e;
                    }
                }
            }
            return underSteadyDefinition(() -> last.apply(pin()));
        }

        @Override
        public Optional<Row> get(String key, boolean includeVectors) {
            return read(layout -> stored.byKey(layout, key, includeVectors));
        }

        @Override
        public RowPage list(long after, int limit, boolean includeVectors) {
            return read(layout -> stored.after(layout, after, limit, includeVectors));
        }

        @Override
        public List<@Nullable Row> rows(long[] rowIds, boolean includeVectors) {
            return read(layout -> stored.byIds(layout, rowIds, includeVectors));
        }

        @Override
        public QueryPage query(RowQuery query) {
            return read(layout -> stored.query(layout, query));
        }

        @Override
        public List<String> explain(RowQuery query) {
            return read(layout -> stored.explain(layout, query));
        }

        @Override
        public long count(@Nullable Predicate where) {
            return where == null
                    ? pin().table.state().rowCount()
                    : this.<Long>read(layout -> stored.count(layout, where));
        }

        @Override
        public List<GroupQuery.Group> groups(GroupQuery query) {
            return read(layout -> stored.groups(layout, query));
        }

        @Override
        public List<TextSearch.TextHit> searchText(TextSearch search) {
            return read(layout -> stored.searchText(layout, search));
        }

        @Override
        public CellCounts countCells(String column) {
            return read(layout -> stored.countCells(layout, column));
        }

        @Override
        public List<Cell> cells(CellQuery query) {
            return read(layout -> stored.cells(layout, query));
        }

        @Override
        public Changes changes(Changes.Place after, int limit, boolean includeVectors) {
            return read(layout -> stored.changes(layout, after, limit, includeVectors));
        }

        @Override
        public SearchResult search(VectorSearch search) {
            return searches.record(() -> searchHere(search));
        }

        private SearchResult searchHere(VectorSearch search) {
            return read(
                    at -> {
                        Found found = index.get().search(search, at.definition());
                        if (found == null) {
                            return null;
                        }
                        List<@Nullable Row> rows = fetch(at, found.rowIds(), search.includeVectors());
                        return isStale(rows, at.version()) ? null : result(found, rows);
                    },
                    at -> {
                        Found found = index.get().search(search);
                        return result(found, upTo(at.version(), fetch(at, found.rowIds(), search.includeVectors())));
                    });
        }

        /** Null if the search is long, or its rows are large. */
        private @Nullable CachedSearch begin(VectorSearch search) {
            Pinned at = pin();
            TableIndex open = index.get();
            if (search.includeVectors() || !open.isQuick(search, at.definition())) {
                return null;
            }
            Found found = open.search(search, at.definition());
            if (found == null) {
                return null;
            }
            List<@Nullable Row> cached = new ArrayList<>(found.rowIds().length);
            for (long rowId : found.rowIds()) {
                cached.add(at.rows.get(rowId));
            }
            return fit(cached) ? new CachedSearch(at, found, cached) : null;
        }

        @Override
        public @Nullable SearchResult searchCached(VectorSearch search) {
            long start = System.nanoTime();
            CachedSearch begun = begin(search);
            if (begun == null || begun.isStale()) {
                return null;
            }
            searches.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
            return begun.result();
        }

        @Override
        public CompletableFuture<SearchResult> search(VectorSearch search, Executor threads) {
            long start = System.nanoTime();
            CachedSearch begun = begin(search);
            if (begun != null && !begun.isStale()) {
                searches.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
                return CompletableFuture.completedFuture(begun.result());
            }
            CompletableFuture<SearchResult> result =
                    Patience.supply(threads, () -> begun == null ? searchHere(search) : finish(search, begun));
            result.whenComplete((_, _) -> searches.record(System.nanoTime() - start, TimeUnit.NANOSECONDS));
            return result;
        }

        private SearchResult finish(VectorSearch search, CachedSearch begun) {
            List<@Nullable Row> fetched;
            try {
                fetched = fetch(begun.at, begun.found.rowIds(), false);
            } catch (UnavailableException | NotFoundException newer) {
                return searchHere(search);
            }
            return isStale(fetched, begun.at.version()) ? searchHere(search) : result(begun.found, fetched);
        }

        /** The rows by their places; fewer if all of them would take too much memory. */
        private List<@Nullable Row> fetch(Pinned at, long[] rowIds, boolean includeVectors) {
            TableLayout layout = at.layout();
            if (includeVectors) {
                return stored.byIds(layout, rowIds, true);
            }
            @Nullable Row[] fetched = new Row[rowIds.length];
            int missing = 0;
            int[] places = new int[rowIds.length];
            for (int i = 0; i < rowIds.length; i++) {
                fetched[i] = at.rows.get(rowIds[i]);
                if (fetched[i] == null) {
                    places[missing++] = i;
                }
            }
            if (missing > 0) {
                long mark = at.rows.mark();
                long[] wanted = Arrays.stream(places, 0, missing)
                        .mapToLong(i -> rowIds[i])
                        .toArray();
                List<@Nullable Row> read = stored.byIds(layout, wanted, false);
                for (int i = 0; i < read.size(); i++) {
                    Row row = read.get(i);
                    if (row != null) {
                        at.rows.put(row, mark);
                        fetched[places[i]] = row;
                    }
                }
                if (read.size() < missing) {
                    return Arrays.asList(fetched).subList(0, places[read.size()]);
                }
            }
            return Arrays.asList(fetched);
        }
    }

    /** Whether rows of a search are held in memory that an answer may hold. */
    private static boolean fit(List<@Nullable Row> rows) {
        long bytes = 0;
        for (Row row : rows) {
            bytes += row == null ? 0 : row.weight();
        }
        return bytes <= Heap.page();
    }

    private static boolean isStale(List<@Nullable Row> rows, long seen) {
        return rows.stream().anyMatch(row -> row == null || row.version() > seen);
    }

    /** The rows without those that were written after a commit. */
    private static List<@Nullable Row> upTo(long version, List<@Nullable Row> rows) {
        List<@Nullable Row> known = new ArrayList<>(rows.size());
        for (Row row : rows) {
            known.add(row != null && row.version() <= version ? row : null);
        }
        return known;
    }

    /** A short search, done as far as memory goes; null in the place of rows that are not there. */
    private record CachedSearch(Pinned at, Found found, List<@Nullable Row> rows) {

        boolean isStale() {
            return OpenTable.isStale(rows, at.version());
        }

        SearchResult result() {
            return OpenTable.result(found, rows);
        }
    }

    private static SearchResult result(Found found, List<@Nullable Row> rows) {
        List<Hit> hits = new ArrayList<>(rows.size());
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            if (row != null) {
                hits.add(new Hit(row, found.scores()[i]));
            }
        }
        return new SearchResult(hits, rows.size() < found.rowIds().length, found.explanation());
    }

    /**
     * Holds a table's index. An index that cannot take in a commit, for want of memory say, is opened anew from the store; if
     * that fails too, the table can be written and read but not searched until the next commit or start.
     */
    static final class Index {

        private final TableIndexes indexes;
        private final UUID tableId;
        private final RowSource source;
        private IndexLayout layout;
        private volatile @Nullable TableIndex index;

        Index(TableIndexes indexes, UUID tableId, IndexLayout layout, RowSource source) {
            this.indexes = indexes;
            this.tableId = tableId;
            this.layout = layout;
            this.source = source;
            this.index = indexes.open(layout, tableId, source);
        }

        TableIndex get() {
            TableIndex open = index;
            if (open == null) {
                throw new UnavailableException("The index of this table could not be kept up to date");
            }
            return open;
        }

        /** Takes in a commit; for the writer's thread. */
        void apply(long version, Instant time, List<RowChange> changes) {
            follow(version, open -> open.apply(version, time, changes));
        }

        /** Takes in a commit that changed columns or declared indexes; for the writer's thread. Searches go on meanwhile. */
        void follow(long version, IndexLayout changed) {
            layout = changed;
            follow(version, open -> open.follow(version, changed));
        }

        private void follow(long version, Consumer<TableIndex> commit) {
            TableIndex open = index;
            try {
                if (open != null) {
                    commit.accept(open);
                    return;
                }
            } catch (RuntimeException | OutOfMemoryError e) {
                log.error("The index of table {} failed to take in commit {}", tableId, version, e);
                index = null;
                close(open);
            }
            try {
                index = indexes.open(layout, tableId, source);
                log.debug("Opened the index of table {} anew", tableId);
            } catch (RuntimeException | OutOfMemoryError e) {
                log.error("The index of table {} could not be opened anew; it cannot be searched", tableId, e);
            }
        }

        void snapshot() {
            TableIndex open = index;
            if (open != null) {
                open.snapshot();
            }
        }

        void close() {
            close(index);
        }

        private static void close(@Nullable TableIndex index) {
            if (index != null) {
                index.close();
            }
        }
    }

    /** Writes a snapshot of the index if the table has changed since the last. */
    void snapshot() {
        long version = record.state().version();
        if (version != snapshotVersion) {
            index.snapshot();
            snapshotVersion = version;
        }
    }

    void closeWithSnapshot() {
        index.snapshot();
        close();
    }

    void close() {
        index.close();
        pinned.rows.clear();
        publishing.lock();
        try {
            // Whoever waits for a commit of a table that was dropped waits no longer.
            published.signalAll();
        } finally {
            publishing.unlock();
        }
    }
}
