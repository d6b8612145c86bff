package com.akidb.engine;

import com.akidb.query.Predicate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Keeps tables durably and finds their rows. A write that was answered survives the death of the process and is seen by
 * every later read and search. Safe for many threads. Reads may touch the disk and so do not belong on an event loop,
 * except {@link #searchCached} and {@link #search(UUID, VectorSearch, Executor)}.
 */
public interface TableEngine extends AutoCloseable {

    /**
     * Creates a table; durable when it returns.
     *
     * @throws com.akidb.error.ConflictException if the name is taken
     */
    Table create(TableDefinition definition);

    /** All tables in the order of their creation. */
    List<Table> tables();

    /** The table of that name. */
    Optional<Table> find(String name);

    /** The table of that id. */
    Optional<Table> find(UUID id);

    /**
     * Drops a table and all that belongs to it.
     *
     * @return whether it was there
     */
    boolean drop(UUID table);

    /**
     * Changes a table's definition; durable when it returns, and seen by every later call.
     *
     * @throws com.akidb.error.NotFoundException if there is no such table
     * @throws com.akidb.error.InvalidInputException if it has no such column, or the change does not fit its rows
     * @throws com.akidb.error.ConflictException if the new name is taken, or rows are not unique
     */
    Table alter(UUID table, Alteration alteration);

    /** What this engine can do, where engines differ. */
    Set<Capability> capabilities();

    /**
     * Queues writes that happen together or not at all: one commit, in the order of the list, each seeing what those
     * before it did. Writes of one table are applied in the order in which they were queued.
     *
     * @param mutations 1 to 1,000; a table may be named several times
     * @return what each of them did, all with the version of the commit; completes when all is durable and searchable;
     *     exceptionally with NotFound, InvalidInput, Conflict, Overloaded (the queue is full) or Unavailable (the disk is
     *     full), and then nothing of it happened
     */
    CompletableFuture<List<WriteResult>> write(List<TableMutation> mutations);

    /** Queues one write; see {@link #write(List)}. */
    default CompletableFuture<WriteResult> write(UUID table, Mutation mutation) {
        return write(new TableMutation(table, mutation));
    }

    /**
     * As {@link #write(UUID, Mutation)}, but only while the table has the columns for which the write was made: neither
     * before it is queued nor before it is applied may they have changed, their properties included.
     *
     * @param madeFor what the table was made of when the write was
     * @return completes exceptionally with Conflict, too, if the columns are others
     */
    default CompletableFuture<WriteResult> write(UUID table, Mutation mutation, TableDefinition madeFor) {
        return write(new TableMutation(table, mutation, madeFor));
    }

    private CompletableFuture<WriteResult> write(TableMutation mutation) {
        CompletableFuture<WriteResult> result = new CompletableFuture<>();
        write(List.of(mutation)).whenComplete((results, failure) -> {
            if (failure == null) {
                result.complete(results.getFirst());
            } else {
                result.completeExceptionally(failure);
            }
        });
        return result;
    }

    /**
     * What happened to a table's rows after a place; see {@link Changes.Page} for how to follow a table with it.
     *
     * @param limit most changes of a page, 1 to 10,000; a page also ends when its rows take about 16 MB
     * @throws com.akidb.error.NotFoundException if there is no such table
     */
    Changes changes(UUID table, Changes.Place after, int limit, boolean includeVectors);

    /** Tells a listener of every commit from now on; the writer waits for none of them, however slow they are. */
    CommitListener.Registration onCommit(CommitListener listener);

    /** The row with that primary key. */
    Optional<Row> get(UUID table, String key, boolean includeVectors);

    /**
     * Rows after a row id, in order.
     *
     * @param after 0 to begin
     * @param limit 1 to 1,000
     */
    RowPage list(UUID table, long after, int limit, boolean includeVectors);

    /**
     * Finds the nearest rows.
     *
     * @throws com.akidb.error.NotFoundException if there is no such table
     */
    SearchResult search(UUID table, VectorSearch search);

    /**
     * As {@link #search}, but only if it is short work that touches no disk: all rows it needs are in memory.
     *
     * @return null if it is not; the caller then calls {@link #search} where blocking is allowed
     */
    @Nullable
    SearchResult searchCached(UUID table, VectorSearch search);

    /**
     * As {@link #search}, without blocking: short work that touches no disk is done in the calling thread, the rest on
     * others.
     *
     * @param threads that may block
     */
    default CompletableFuture<SearchResult> search(UUID table, VectorSearch search, Executor threads) {
        SearchResult quick = searchCached(table, search);
        return quick != null
                ? CompletableFuture.completedFuture(quick)
                : CompletableFuture.supplyAsync(() -> search(table, search), threads);
    }

    /**
     * Rows by their scalar columns.
     *
     * @throws com.akidb.error.InvalidInputException if the table has no such column
     */
    QueryPage query(UUID table, RowQuery query);

    /** How many rows satisfy a condition; all for null. */
    long count(UUID table, @Nullable Predicate where);

    /**
     * Combinations of values and their counts.
     *
     * @throws com.akidb.error.TooLargeException if they would take too much memory
     */
    List<GroupQuery.Group> groups(UUID table, GroupQuery query);

    /** How the store would run a query, in its own words, line by line. */
    List<String> explain(UUID table, RowQuery query);

    /**
     * The rows with these ids as of one commit, by their places in the array; null for those that are gone.
     *
     * @return fewer, the last ones left out, if all of them would take too much memory
     */
    List<@Nullable Row> rows(UUID table, long[] rowIds, boolean includeVectors);

    /** The best rows by words, best first. */
    List<TextSearch.TextHit> searchText(UUID table, TextSearch search);

    /** States of a VECTOR column's cells. */
    CellCounts countCells(UUID table, String column);

    /** Cells that wait or failed. */
    List<Cell> cells(UUID table, CellQuery query);

    /**
     * Makes an index; durable when it returns, built in the background from then on. Searches need none and go on
     * meanwhile.
     *
     * @throws com.akidb.error.ConflictException if the name is taken, or a vector index on that column and metric is
     *     there
     */
    IndexStatus createIndex(UUID table, IndexDefinition index);

    /** Drops an index that was asked for; whether it was there. */
    boolean dropIndex(UUID table, String index);

    /** Builds an index anew; the old one serves until then. */
    IndexStatus rebuildIndex(UUID table, String index);

    /** The state of a table's indexes: first of those that its VECTOR columns have by themselves, then of the others. */
    List<IndexStatus> indexes(UUID table);

    /** Why reads of rows or writes have made no progress for some seconds; empty if they do. */
    default Optional<String> standstill() {
        return Optional.empty();
    }

    /** Sequence number of the last commit. */
    long version();

    /** Refuses new writes, finishes those that are queued, writes snapshots and closes the store. */
    @Override
    void close();
}
