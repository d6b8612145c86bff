package com.akidb.engine.embedded;

import com.akidb.engine.IndexStatus;
import com.akidb.engine.Row;
import com.akidb.engine.SearchResult;
import com.akidb.engine.SearchResult.Hit;
import com.akidb.engine.VectorSearch;
import com.akidb.engine.embedded.index.RowChange;
import com.akidb.engine.embedded.index.TableIndex;
import com.akidb.engine.embedded.index.TableIndex.Found;
import com.akidb.engine.embedded.store.RowStore;
import com.akidb.engine.embedded.store.StoredTable;
import com.akidb.engine.embedded.store.TableRows;
import com.akidb.error.UnavailableException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A table that is open: its rows on disk, the index that follows them, and the rows that were read lately. */
final class LiveTable {

    /** Searches are repeated when rows go away under them; so often before hits are left out. */
    private static final int MOST_ATTEMPTS = 5;

    private final StoredTable stored;
    private final RowStore store;
    private final TableRows rows;
    private final RowCache cache;
    private final IndexSlot index;
    private final AppliedCommits applied;
    private volatile long snapshotVersion;

    LiveTable(StoredTable stored, RowStore store, RowCache cache, IndexSlot index) {
        this.stored = stored;
        this.store = store;
        this.rows = store.rows(stored);
        this.cache = cache;
        this.index = index;
        this.applied = new AppliedCommits(stored.state().version());
        this.snapshotVersion = stored.state().version();
    }

    StoredTable stored() {
        return stored;
    }

    TableRows rows() {
        return rows;
    }

    List<IndexStatus> indexes() {
        return index.get().status();
    }

    /** Follows a commit; for the writer's thread. */
    void committed(long version, List<RowChange> changes) {
        index.apply(version, changes);
        cache.committed(changes);
        applied.advance(version);
    }

    SearchResult search(VectorSearch search) {
        try {
            return searchWhatIsThere(search);
        } catch (UnavailableException e) {
            throw stored.isDropped() ? OpenTables.noTable(stored.id()) : e;
        }
    }

    private SearchResult searchWhatIsThere(VectorSearch search) {
        for (int attempt = 1; ; attempt++) {
            Found found = index.get().search(search);
            List<@Nullable Row> fetched = fetch(found.rowIds(), search.includeVectors());
            if (attempt == MOST_ATTEMPTS || !fetched.contains(null)) {
                return result(found, fetched);
            }
            // A commit took away rows and the index did not know yet: what came in their stead may be nearest now.
            applied.await(store.source(stored).version());
        }
    }

    /** Null if the search is long or needs rows that are not in memory. */
    @Nullable
    SearchResult searchCached(VectorSearch search) {
        TableIndex open = index.get();
        if (search.includeVectors() || !open.isQuick(search)) {
            return null;
        }
        Found found = open.search(search);
        List<@Nullable Row> cached = new ArrayList<>(found.rowIds().length);
        for (long rowId : found.rowIds()) {
            Row row = cache.get(rowId);
            if (row == null) {
                return null;
            }
            cached.add(row);
        }
        return result(found, cached);
    }

    private List<@Nullable Row> fetch(long[] rowIds, boolean includeVectors) {
        if (includeVectors) {
            return rows.byIds(rowIds, true);
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
            List<@Nullable Row> read = rows.byIds(wanted, false);
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
