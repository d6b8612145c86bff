package com.akidb.engine;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps tables durably and finds their rows. A write that was answered survives the death of the process and is seen by
 * every later read and search. Safe for many threads.
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
    default CompletableFuture<List<WriteResult>> write(List<TableMutation> mutations) {
        return write(mutations, null);
    }

    /**
     * As {@link #write(List)}, with a receipt or a note in the same commit. With a note there may be no mutations; it is
     * changed and has a commit even if they change nothing.
     *
     * @param kept null for none
     * @return completes exceptionally with Conflict, too, if there is a receipt of that key
     */
    CompletableFuture<List<WriteResult>> write(List<TableMutation> mutations, @Nullable Kept kept);

    /** The receipt of a write that was to happen once; empty if it was not made in the last 24 hours, or is no longer kept. */
    Optional<Once.Receipt> receipt(String key);

    /** Queues one write; see {@link #write(List)}. */
    default CompletableFuture<WriteResult> write(UUID table, Mutation mutation) {
        return write(new TableMutation(table, mutation), null);
    }

    /**
     * Queues one write that is made for the columns which the table had when it was looked up.
     *
     * @return completes exceptionally with TableChanged, too, if it has others when the write is queued or applied
     */
    default CompletableFuture<WriteResult> write(Table table, Mutation mutation) {
        return write(new TableMutation(table, mutation), null);
    }

    /** As {@link #write(List, Kept)} for one write. */
    default CompletableFuture<WriteResult> write(TableMutation mutation, @Nullable Kept kept) {
        CompletableFuture<WriteResult> result = new CompletableFuture<>();
        write(List.of(mutation), kept).whenComplete((results, failure) -> {
            if (failure == null) {
                result.complete(results.getFirst());
            } else {
                result.completeExceptionally(failure);
            }
        });
        return result;
    }

    /** Tells a listener of every commit from now on; the writer waits for none of them, however slow they are. */
    CommitListener.Registration onCommit(CommitListener listener);

    /**
     * Reads and searches a table, whatever columns it has by each call.
     *
     * @throws com.akidb.error.NotFoundException if there is no such table
     */
    TableReader reader(UUID table);

    /**
     * Reads and searches a table while it has the columns that it had when it was looked up. Names mean those columns, and
     * rows have them in that order; once the table has others, each call fails with a
     * {@link com.akidb.error.TableChangedException}, and the caller looks the table up again.
     *
     * @throws com.akidb.error.NotFoundException if there is no such table
     */
    TableReader reader(Table table);

    /**
     * Reads several tables and notes as of one commit; blocks.
     *
     * @param tables those that may be read, as they were looked up
     * @param reading is called once, and must not call the engine
     * @throws com.akidb.error.TableChangedException if a table has other columns than when it was looked up
     * @throws com.akidb.error.NotFoundException if a table is gone
     */
    <T> T snapshot(List<Table> tables, Function<Snapshot, T> reading);

    /**
     * The history to which commits of this engine belong from its start on, by a name that no other has. What happened up to
     * some commit of a history stays true as long as {@link #includes} says so; it does not after an older copy of the
     * data has taken the place of the newer.
     */
    String history();

    /** Whether the data go back to a commit of a history; false if it was lost, or is too long ago to be known. */
    boolean includes(String history, long version);

    /**
     * Runs a select over several tables, as of one commit; blocks.
     *
     * @return rows of cells: String, Long, Double, Boolean, Instant, {@link com.akidb.query.Json}, {@code float[]} or null
     * @throws com.akidb.error.DeadlineExceededException if it takes too long
     * @throws com.akidb.error.InvalidInputException if the store cannot run it, or the answer is too large
     * @throws com.akidb.error.NotFoundException if a table, or a column of it, is gone
     * @throws com.akidb.error.OverloadedException if too many run already
     * @throws com.akidb.error.TableChangedException if a table has other columns than those for which it was made
     */
    List<List<@Nullable Object>> select(SelectRequest request);

    /**
     * How a select would be run, without running it: what is read and in which way, one step a line; blocks. Its words are for
     * people and differ between engines. Fails as {@link #select} does.
     */
    List<String> explain(SelectRequest request);

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

    /**
     * What the storage takes.
     *
     * @param bytes of all of it
     * @param freeBytes of what of it holds nothing
     */
    record Space(long bytes, long freeBytes) {}

    /** What the storage takes now; nothing if it is not on a disk. */
    default Space space() {
        return new Space(0, 0);
    }

    /**
     * Gives what holds nothing back to the file system, some at a time between the writes of others; blocks.
     *
     * @param progress told of each step
     * @param isOver whether the caller has given up; for any thread
     * @throws com.akidb.error.ConflictException if the storage cannot do this while it is open
     * @throws com.akidb.error.UnavailableException if it was over before the end, or the disk failed
     */
    default void compact(Consumer<Space> progress, BooleanSupplier isOver) {}

    /** Sequence number of the last commit. */
    long version();

    /** Refuses new writes, finishes those that are queued, writes snapshots and closes the store. */
    @Override
    void close();
}
