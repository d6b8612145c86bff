package com.akidb.engine.embedded;

import com.akidb.engine.IndexDefinition;
import com.akidb.engine.IndexStatus;
import com.akidb.engine.Row;
import com.akidb.engine.SearchResult;
import com.akidb.engine.SearchResult.Hit;
import com.akidb.engine.VectorSearch;
import com.akidb.engine.embedded.catalog.TableRecord;
import com.akidb.engine.embedded.index.IndexLayout;
import com.akidb.engine.embedded.index.RowChange;
import com.akidb.engine.embedded.index.TableIndex;
import com.akidb.engine.embedded.index.TableIndex.Found;
import com.akidb.engine.embedded.read.TableReader;
import com.akidb.error.NotFoundException;
import com.akidb.error.UnavailableException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A table that is open: its rows on disk, the index that follows them, and the rows that were read lately. */
final class OpenTable {

    /** Searches are repeated when rows go away under them; so often before hits are left out. */
    private static final int MOST_ATTEMPTS = 5;

    private final TableRecord stored;
    private final RowStore store;
    private final TableReader reader;
    private final RowCache cache;
    private final IndexSlot index;
    private final AppliedCommits applied;
    /** What the index knows of columns; behind what is stored while it takes in a change of them. */
    private volatile IndexLayout followed;

    private volatile long snapshotVersion;

    OpenTable(TableRecord stored, RowStore store, RowCache cache, IndexSlot index) {
        this.stored = stored;
        this.store = store;
        this.reader = store.reader(stored);
        this.cache = cache;
        this.index = index;
        this.applied = new AppliedCommits(stored.state().version());
        this.followed = stored.indexLayout();
        this.snapshotVersion = stored.state().version();
    }

    TableRecord stored() {
        return stored;
    }

    TableReader reader() {
        return reader;
    }

    List<IndexStatus> indexes() {
        List<IndexStatus> all = new ArrayList<>(index.get().status());
        all.addAll(store.indexes().status(stored));
        return all;
    }

    /** @param committed called by the writer's thread when all know of it */
    IndexStatus createIndex(IndexDefinition definition, Runnable committed) {
        store.indexes().create(stored, definition, () -> redefined(committed));
        return status(definition.name());
    }

    /** @param committed called by the writer's thread when all know of it */
    boolean dropIndex(String name, Runnable committed) {
        return store.indexes().drop(stored, name, () -> redefined(committed));
    }

    private void redefined(Runnable committed) {
        redefined();
        committed.run();
    }

    IndexStatus rebuildIndex(String name) {
        if (!index.get().rebuild(name)) {
            store.indexes().rebuild(stored, name);
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
        // First, so that no search pairs the new index with old rows.
        cache.committed(changes);
        index.apply(version, changes);
        applied.advance(version);
    }

    /** Follows a change of the table's columns or indexes; for the writer's thread. */
    void redefined() {
        cache.clear();
        IndexLayout changed = stored.indexLayout();
        index.follow(stored.state().version(), changed);
        followed = changed;
        applied.advance(stored.state().version());
    }

    SearchResult search(VectorSearch search) {
        for (int attempt = 1; ; attempt++) {
            awaitColumn(search.column());
            IndexLayout known = followed;
            TableIndex open = index.get();
            try {
                return search(search, open);
            } catch (UnavailableException | NotFoundException | IllegalArgumentException e) {
                if (stored.isDropped()) {
                    throw OpenTables.noTable(stored.id());
                }
                stored.requireVectorColumn(search.column());
                boolean changed = index.get() != open || known.definition() != stored.definition();
                if (attempt == MOST_ATTEMPTS || !changed) {
                    throw e;
                }
                applied.await(stored.state().version());
            }
        }
    }

    /** Waits until the index knows a column as it is stored, so that no search compares with what the column was before. */
    private void awaitColumn(String column) {
        if (!followsColumn(column)) {
            applied.await(stored.state().version());
        }
    }

    private boolean followsColumn(String column) {
        IndexLayout known = followed;
        return known.definition() == stored.definition()
                || Objects.equals(known.columnId(column), stored.indexLayout().columnId(column));
    }

    private SearchResult search(VectorSearch search, TableIndex open) {
        for (int attempt = 1; ; attempt++) {
            long seen = applied.version();
            Found found = open.search(search);
            List<@Nullable Row> fetched = fetch(found.rowIds(), search.includeVectors());
            if (!isStale(fetched, seen)) {
                return result(found, fetched);
            }
            if (attempt == MOST_ATTEMPTS) {
                return result(found, upTo(seen, fetched));
            }
            // A commit changed rows and the index did not know yet: what it did may make others the nearest.
            applied.await(store.source(stored).version());
        }
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

    /** What a short search found in the index as of a commit, and its rows; null in the place of those not in memory. */
    private record Begun(long seen, Found found, List<@Nullable Row> rows) {}

    /** Null if the search is long. */
    private @Nullable Begun begin(VectorSearch search) {
        TableIndex open = index.get();
        long seen = applied.version();
        if (search.includeVectors() || !followsColumn(search.column()) || !open.isQuick(search)) {
            return null;
        }
        Found found = open.search(search);
        List<@Nullable Row> cached = new ArrayList<>(found.rowIds().length);
        for (long rowId : found.rowIds()) {
            cached.add(cache.get(rowId));
        }
        return new Begun(seen, found, cached);
    }

    /** Null if the search is long or needs rows that are not in memory. */
    @Nullable
    SearchResult searchCached(VectorSearch search) {
        Begun begun = begin(search);
        return begun == null || isStale(begun.rows, begun.seen) ? null : result(begun.found, begun.rows);
    }

    /** Does what is short in the calling thread; what is long, and reading from disk, on others. */
    CompletableFuture<SearchResult> search(VectorSearch search, Executor threads) {
        Begun begun = begin(search);
        if (begun == null) {
            return CompletableFuture.supplyAsync(() -> search(search), threads);
        }
        return isStale(begun.rows, begun.seen)
                ? CompletableFuture.supplyAsync(() -> finish(search, begun), threads)
                : CompletableFuture.completedFuture(result(begun.found, begun.rows));
    }

    private SearchResult finish(VectorSearch search, Begun begun) {
        List<@Nullable Row> fetched;
        try {
            fetched = fetch(begun.found.rowIds(), false);
        } catch (UnavailableException | NotFoundException changed) {
            return search(search);
        }
        return isStale(fetched, begun.seen) ? search(search) : result(begun.found, fetched);
    }

    private List<@Nullable Row> fetch(long[] rowIds, boolean includeVectors) {
        if (includeVectors) {
            return reader.byIds(rowIds, true);
        }
        @Nullable Row[] fetched = new Row[rowIds.length];
        int missing = 0;
        int[] places = new int[rowIds.length];
        for (int i = 0; i < rowIds.length; i++) {
            fetched[i] = cache.get(rowIds[i]);
            if (fetched[i] == null) {
                places[missing++] = i;
            }
        }
        if (missing > 0) {
            long mark = cache.mark();
            long[] wanted =
                    Arrays.stream(places, 0, missing).mapToLong(i -> rowIds[i]).toArray();
            List<@Nullable Row> read = reader.byIds(wanted, false);
            for (int i = 0; i < missing; i++) {
                Row row = read.get(i);
                if (row != null) {
                    cache.put(row, mark);
                    fetched[places[i]] = row;
                }
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
        return new SearchResult(hits, found.explanation());
    }

    /** Writes a snapshot of the index if the table has changed since the last. */
    void snapshot() {
        long version = stored.state().version();
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
        cache.clear();
    }
}
