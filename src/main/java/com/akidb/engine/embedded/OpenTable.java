package com.akidb.engine.embedded;

import com.akidb.concurrent.Patience;
import com.akidb.engine.Alteration;
import com.akidb.engine.IndexDefinition;
import com.akidb.engine.IndexStatus;
import com.akidb.engine.Row;
import com.akidb.engine.SearchResult;
import com.akidb.engine.SearchResult.Hit;
import com.akidb.engine.Table;
import com.akidb.engine.TableDefinition;
import com.akidb.engine.VectorSearch;
import com.akidb.engine.embedded.catalog.TableLayout;
import com.akidb.engine.embedded.catalog.TableRecord;
import com.akidb.engine.embedded.index.RowChange;
import com.akidb.engine.embedded.index.RowSource;
import com.akidb.engine.embedded.index.TableIndex;
import com.akidb.engine.embedded.index.TableIndex.Found;
import com.akidb.engine.embedded.read.TableReader;
import com.akidb.engine.embedded.read.TableReads;
import com.akidb.error.NotFoundException;
import com.akidb.error.UnavailableException;
import com.akidb.memory.Heap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A table that is open: its rows on disk, the index that follows them, and the rows that were read lately.
 *
 * <p>Whoever reads pins one version of the table, which is published when everything in memory has taken its commit in, and
 * reads all of it under that version. SQLite cannot be opened at a version's commit, only at its last one, which may be
 * newer; a read that meets something newer waits until that is published and begins anew under it. There is no other
 * repetition, and this one ends: a read that was overtaken too often keeps the next changes of the definition waiting until
 * it is done.
 */
final class OpenTable implements TableReads.Pinning {

    /** So often a read is begun while the table may change under it. */
    private static final int MOST_OVERTAKEN = 4;

    /** A commit that is durable is published within this, or something is wrong. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final TableRecord record;
    private final RowStore store;
    private final RowSource source;
    private final TableReader reader;
    private final IndexSlot index;
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

        TableDefinition definition() {
            return table.state().definition();
        }
    }

    OpenTable(TableRecord record, RowStore store, RowCache rows, IndexSlot index) {
        this.record = record;
        this.store = store;
        this.source = store.source(record);
        this.reader = store.reader(record, this);
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

    TableReader reader() {
        return reader;
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

    /** Reads under a version; null if it met something newer. */
    private interface Reading<T> {
        @Nullable
        T read(Pinned at);
    }

    @Override
    public <T> T pin(Function<TableLayout, T> reading) {
        return pin(at -> reading.apply(at.table.layout()), at -> reading.apply(at.table.layout()));
    }

    /**
     * Pins a version and reads under it, anew under the next one when something newer shows.
     *
     * @param last reads under a definition that does not change meanwhile; rows may
     */
    private <T> T pin(Reading<T> reading, Function<Pinned, T> last) {
        for (int overtaken = 0; overtaken < MOST_OVERTAKEN; overtaken++) {
            Pinned at = pinned;
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
        return underSteadyDefinition(last);
    }

    private <T> T underSteadyDefinition(Function<Pinned, T> reading) {
        try {
            if (!definition.readLock().tryLock(LONGEST_WAIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new UnavailableException("The table is being changed; try again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("Interrupted while waiting for a change of the table", e);
        }
        try {
            return reading.apply(pinned);
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
        definition.writeLock().lock();
        try {
            store.writer().alter(record, alteration, () -> redefined(committed));
        } finally {
            definition.writeLock().unlock();
        }
    }

    /** @param committed called by the writer's thread when all know of it */
    IndexStatus createIndex(IndexDefinition definition, Runnable committed) {
        store.indexes().create(record, definition, () -> redefined(committed));
        return status(definition.name());
    }

    /** @param committed called by the writer's thread when all know of it */
    boolean dropIndex(String name, Runnable committed) {
        return store.indexes().drop(record, name, () -> redefined(committed));
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
    void committed(long version, List<RowChange> changes) {
        RowCache rows = pinned.rows;
        // First, so that no search pairs the new index with old rows.
        rows.committed(changes);
        index.apply(version, changes);
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

    SearchResult search(VectorSearch search) {
        return pin(
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

    /** Null if the search is long, or its rows are large. */
    private @Nullable CachedSearch begin(VectorSearch search) {
        Pinned at = pinned;
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
        if (!fit(cached)) {
            return null;
        }
        return new CachedSearch(at, found, cached);
    }

    /** Null if the search is long or needs rows that are not in memory. */
    @Nullable
    SearchResult searchCached(VectorSearch search) {
        CachedSearch begun = begin(search);
        return begun == null || begun.isStale() ? null : begun.result();
    }

    /** Does what is short in the calling thread; what is long, and reading from disk, on others. */
    CompletableFuture<SearchResult> search(VectorSearch search, Executor threads) {
        CachedSearch begun = begin(search);
        if (begun == null) {
            return Patience.supply(threads, () -> search(search));
        }
        return begun.isStale()
                ? Patience.supply(threads, () -> finish(search, begun))
                : CompletableFuture.completedFuture(begun.result());
    }

    private SearchResult finish(VectorSearch search, CachedSearch begun) {
        List<@Nullable Row> fetched;
        try {
            fetched = fetch(begun.at, begun.found.rowIds(), false);
        } catch (UnavailableException | NotFoundException newer) {
            return search(search);
        }
        return isStale(fetched, begun.at.version()) ? search(search) : result(begun.found, fetched);
    }

    /** The rows by their places; fewer if all of them would take too much memory. */
    private List<@Nullable Row> fetch(Pinned at, long[] rowIds, boolean includeVectors) {
        TableLayout layout = at.table.layout();
        if (includeVectors) {
            return reader.byIds(layout, rowIds, true);
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
            long[] wanted =
                    Arrays.stream(places, 0, missing).mapToLong(i -> rowIds[i]).toArray();
            List<@Nullable Row> read = reader.byIds(layout, wanted, false);
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
