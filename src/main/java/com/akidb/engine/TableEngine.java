package com.akidb.engine;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Keeps tables durably and finds their rows. A write that was answered survives the death of the process and is seen by
 * every later read and search. Safe for many threads. Reads may touch the disk and so do not belong on an event loop,
 * except {@link #searchCached}.
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
     * Queues a write. Writes of one table are applied in the order in which they were queued.
     *
     * @return completes when durable and searchable; exceptionally with NotFound, Conflict, Overloaded (the queue is
     *     full) or Unavailable (the disk is full), and then nothing of it happened
     */
    CompletableFuture<WriteResult> write(UUID table, Mutation mutation);

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

    /** The state of the indexes of a table's vector columns. */
    List<IndexStatus> indexes(UUID table);

    /** Sequence number of the last commit. */
    long version();

    /** Refuses new writes, finishes those that are queued, writes snapshots and closes the store. */
    @Override
    void close();
}
