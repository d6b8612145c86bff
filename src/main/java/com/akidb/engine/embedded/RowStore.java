package com.akidb.engine.embedded.store;

import com.akidb.engine.Alteration;
import com.akidb.engine.Mutation;
import com.akidb.engine.TableDefinition;
import com.akidb.engine.WriteResult;
import com.akidb.engine.embedded.index.RowSource;
import com.akidb.engine.embedded.sql.ReadConnections;
import com.akidb.error.AkidbException;
import com.akidb.error.ConflictException;
import com.akidb.error.ErrorCode;
import com.akidb.error.OverloadedException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tables of rows on disk: the door of this package. Safe for many threads. */
public final class RowStore implements AutoCloseable {

    static final String FILE = "akidb.db";

    private final Statements writing;
    private final StorageFailures failures;
    private final CommitObserver observer;
    private final List<StoredTable> tablesAtStart;
    private final Readers readers;
    private final WriteQueue queue;
    private final GroupCommit commits;
    private final Writer writer;
    private final DeclaredIndexes indexes;
    private final SelectSource selects;

    private RowStore(
            Database database,
            Connection connection,
            StoreSettings settings,
            Clock clock,
            StorageFailures failures,
            CommitListener listener,
            CommitObserver observer)
            throws SQLException {
        this.writing = new Statements(connection);
        this.failures = failures;
        this.observer = observer;
        this.tablesAtStart = new Catalog(writing).tables();
        this.commits = new GroupCommit(writing, settings.changeLogRows(), clock, failures, listener, observer);
        this.readers = new Readers(database, settings.readers(), Readers.PATIENCE, failures);
        this.queue = new WriteQueue(settings.queuedWrites(), settings.queuedBytes());
        this.writer = Writer.start(queue, commits, observer);
        this.indexes = new DeclaredIndexes(writer);
        this.selects = new SelectSource(database, failures);
        tablesAtStart.forEach(indexes::resume);
    }

    /**
     * Opens the store of a data directory that the caller has locked, or makes a new one.
     *
     * @throws com.akidb.error.CorruptDataException if the database is damaged, not AkiDB's, or of a newer version
     */
    public static RowStore open(
            Path directory, StoreSettings settings, Clock clock, CommitListener listener, CommitObserver observer) {
        StorageFailures failures = new StorageFailures(directory);
        Database database = new Database(directory.resolve(FILE));
        Connection connection = DatabaseFile.open(database, settings.walBytes(), failures, clock);
        try {
            return new RowStore(database, connection, settings, clock, failures, listener, observer);
        } catch (SQLException | RuntimeException e) {
            DatabaseFile.close(connection, e);
            throw DatabaseFile.explain(failures.translate(e), database.file());
        }
    }

    /** The tables that were there when the store was opened, in the order of their creation. */
    public List<StoredTable> tablesAtStart() {
        return tablesAtStart;
    }

    /**
     * Creates a table; durable when it returns.
     *
     * @param created called by the writer's thread when it is durable and before any write to it
     */
    public StoredTable create(TableDefinition definition, Clock clock, Consumer<StoredTable> created) {
        DefinitionCheck.check(definition);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return writer.change(new WriteTask.Change<>() {
            @Override
            public StoredTable apply(Catalog catalog, long version) throws SQLException {
                if (catalog.isTaken(definition.name())) {
                    throw new ConflictException(
                            ErrorCode.ALREADY_EXISTS, "'" + definition.name() + "' exists already", "name");
                }
                return catalog.insert(UUID.randomUUID(), definition, now, version);
            }

            @Override
            public void committed(StoredTable table) {
                created.accept(table);
            }
        });
    }

    /**
     * Drops a table; durable when it returns.
     *
     * @param dropped called by the writer's thread when it is durable
     * @return whether it was there
     */
    public boolean drop(StoredTable table, Runnable dropped) {
        return writer.change(new WriteTask.Change<>() {
            @Override
            public Boolean apply(Catalog catalog, long version) throws SQLException {
                if (table.isDropped()) {
                    return false;
                }
                catalog.delete(table, version);
                return true;
            }

            @Override
            public void committed(Boolean wasThere) {
                if (wasThere) {
                    table.markDropped();
                    dropped.run();
                }
            }
        });
    }

    /**
     * Changes a table's definition; durable when it returns.
     *
     * @param altered called by the writer's thread when it is durable, before any later write to the table
     */
    public void alter(StoredTable table, Alteration alteration, Runnable altered) {
        writer.change(new WriteTask.Change<Alterations.Altered>() {
            @Override
            public Alterations.Altered apply(Catalog catalog, long version) throws SQLException {
                return new Alterations(catalog, table, version).apply(alteration);
            }

            @Override
            public void committed(Alterations.Altered result) {
                table.altered(result.layout(), result.indexes(), result.version());
                altered.run();
            }
        });
    }

    /** The indexes that were asked for. */
    public DeclaredIndexes indexes() {
        return indexes;
    }

    /**
     * Queues a write; see {@link com.akidb.engine.TableEngine#write}.
     *
     * @param madeFor the definition whose columns the write was made for; null if it may be fitted to others
     */
    public CompletableFuture<WriteResult> write(
            StoredTable table, Mutation mutation, @Nullable TableDefinition madeFor) {
        try {
            TableLayout layout = table.layout();
            if (madeFor != null) {
                layout.requireColumns(madeFor);
            }
            Mutation checked = MutationCheck.check(layout, mutation);
            CompletableFuture<WriteResult> answer = new CompletableFuture<>();
            queue.add(new WriteTask.Rows(table, layout, checked, madeFor, MutationCheck.weigh(checked), answer));
            return answer;
        } catch (OverloadedException e) {
            observer.refused();
            return CompletableFuture.failedFuture(e);
        } catch (AkidbException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Reads a table's rows. */
    public TableRows rows(StoredTable table) {
        return new TableRows(table, readers);
    }

    /** Answers queries of a table. */
    public TableQueries queries(StoredTable table) {
        return new TableQueries(table, readers);
    }

    /** What selects over several tables need. */
    public ReadConnections selects() {
        return selects;
    }

    /** What a table's index reads back, under the layout that the table has now. */
    public RowSource source(StoredTable table) {
        return new StoredRowSource(table, readers);
    }

    /** Sequence number of the last commit. */
    public long version() {
        return commits.version();
    }

    /** Writes that wait. */
    public int queueDepth() {
        return queue.depth();
    }

    /** Refuses new writes and returns when those that have queued are done and answered. Reading goes on. */
    public void stopWriting() {
        indexes.stop();
        writer.stop();
    }

    /** Writes the log back to the database and closes it. */
    @Override
    public void close() {
        try {
            readers.close();
            writing.close();
        } catch (SQLException e) {
            throw failures.translate(e);
        }
    }
}
