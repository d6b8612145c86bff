package com.akidb.engine;

import com.akidb.query.Predicate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Reads and searches one table: each call as of a commit that is its last or was during the call. Calls fail with NotFound
 * when the table is gone, and with TableChanged if the reader was made for other columns than it has. They may touch the disk
 * and so do not belong on an event loop, except {@link #searchCached} and {@link #search(VectorSearch, Executor)}. For many
 * threads; holds nothing.
 */
public interface TableReader {

    /** The row with that primary key. */
    Optional<Row> get(String key, boolean includeVectors);

    /**
     * Rows after a row id, in order.
     *
     * @param after 0 to begin
     * @param limit 1 to 1,000
     */
    RowPage list(long after, int limit, boolean includeVectors);

    /**
     * The rows with these ids as of one commit, by their places in the array; null for those that are gone.
     *
     * @return fewer, the last ones left out, if all of them would take too much memory
     */
    List<@Nullable Row> rows(long[] rowIds, boolean includeVectors);

    /**
     * Rows by their scalar columns.
     *
     * @throws com.akidb.error.InvalidInputException if the table has no such column
     */
    QueryPage query(RowQuery query);

    /** How the store would run a query, in its own words, line by line. */
    List<String> explain(RowQuery query);

    /** How many rows satisfy a condition; all for null. */
    long count(@Nullable Predicate where);

    /**
     * Combinations of values and their counts.
     *
     * @throws com.akidb.error.TooLargeException if they would take too much memory
     */
    List<GroupQuery.Group> groups(GroupQuery query);

    /** The best rows by words, best first. */
    List<TextSearch.TextHit> searchText(TextSearch search);

    /** Finds the nearest rows. */
    SearchResult search(VectorSearch search);

    /**
     * As {@link #search}, but only if it is short work that touches no disk: all rows it needs are in memory.
     *
     * @return null if it is not; the caller then calls {@link #search} where blocking is allowed
     */
    @Nullable
    SearchResult searchCached(VectorSearch search);

    /**
     * As {@link #search}, without blocking: short work that touches no disk is done in the calling thread, the rest on
     * others.
     *
     * @param threads that may block
     */
    default CompletableFuture<SearchResult> search(VectorSearch search, Executor threads) {
        SearchResult quick = searchCached(search);
        return quick != null
                ? CompletableFuture.completedFuture(quick)
                : CompletableFuture.supplyAsync(() -> search(search), threads);
    }

    /** States of a VECTOR column's cells. */
    CellCounts countCells(String column);

    /** Cells that wait or failed. */
    List<Cell> cells(CellQuery query);

    /**
     * What happened to the rows after a place; see {@link Changes.Page} for how to follow a table with it.
     *
     * @param limit most changes of a page, 1 to 10,000; a page also ends when its rows take about 16 MB
     */
    Changes changes(Changes.Place after, int limit, boolean includeVectors);
}
