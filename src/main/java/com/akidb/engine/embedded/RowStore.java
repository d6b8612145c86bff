package com.akidb.engine.embedded;

import com.akidb.engine.Once;
import com.akidb.engine.Snapshot;
import com.akidb.engine.embedded.catalog.Catalog;
import com.akidb.engine.embedded.catalog.TableLayout;
import com.akidb.engine.embedded.catalog.TableRecord;
import com.akidb.engine.embedded.file.Database;
import com.akidb.engine.embedded.file.DatabaseFile;
import com.akidb.engine.embedded.file.Histories;
import com.akidb.engine.embedded.file.Readers;
import com.akidb.engine.embedded.file.Statements;
import com.akidb.engine.embedded.file.StorageFailures;
import com.akidb.engine.embedded.file.StoredDatabase;
import com.akidb.engine.embedded.index.RowSource;
import com.akidb.engine.embedded.read.StoredRowSource;
import com.akidb.engine.embedded.read.StoredRows;
import com.akidb.engine.embedded.read.StoredSnapshot;
import com.akidb.engine.embedded.sql.ReadConnections;
import com.akidb.engine.embedded.sql.WatchedConnection;
import com.akidb.engine.embedded.write.CommitFollower;
import com.akidb.engine.embedded.write.ConditionMatches;
import com.akidb.engine.embedded.write.DeclaredIndexes;
import com.akidb.engine.embedded.write.Receipts;
import com.akidb.engine.embedded.write.Writer;
import com.akidb.error.AkidbException;
import com.akidb.query.Predicate;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** The database of a data directory: one writer and a few readers. Safe for many threads. */
final class RowStore implements AutoCloseable {

    static final String FILE = StoredDatabase.FILE;

    /** A read of rows or a write that has waited longer than this waits for something that is wrong. */
    private static final Duration STANDSTILL = Duration.ofSeconds(15);

    private final Database database;
    private final Statements writing;
    private final Clock clock;
    private final StorageFailures failures;
    private final List<TableRecord> tablesAtStart;
    private final Histories histories;
    private final Readers readers;
    private final Readers scanners;
    private final Writer writer;
    private final DeclaredIndexes indexes;

    private RowStore(
            Database database,
            WatchedConnection connection,
            EngineProperties properties,
            Clock clock,
            StorageFailures failures,
            CommitFollower follower,
            MeterRegistry meters)
            throws SQLException {
        this.database = database;
        this.writing = new Statements(connection.connection());
        this.clock = clock;
        this.failures = failures;
        Catalog catalog = new Catalog(writing);
        this.tablesAtStart = catalog.tables();
        this.histories = Histories.begin(writing, catalog.version());
        this.readers = new Readers(
                "akidb-read", database, properties.readers(), properties.readQueue(), Readers.PATIENCE, failures);
        this.scanners = new Readers(
                "akidb-scan", database, properties.scanners(), properties.readQueue(), Readers.PATIENCE, failures);
        this.writer = Writer.start(
                writing,
                database,
                connection.watch(),
                this::matches,
                new Writer.Bounds(
                        properties.writeQueue(),
                        properties.writeQueueBytes(),
                        properties.changeLog(),
                        properties.walSize().toBytes()),
                clock,
                failures,
                follower,
                meters);
        this.indexes = new DeclaredIndexes(writer);
        tablesAtStart.forEach(indexes::resume);
    }

    /**
     * Opens the database of a data directory that the caller has locked, or makes a new one.
     *
     * @param follower told of each commit by the writer's thread
     * @throws com.akidb.error.CorruptDataException if the database is damaged, not AkiDB's, or of a newer version
     */
    static RowStore open(
            Path directory, EngineProperties properties, Clock clock, CommitFollower follower, MeterRegistry meters) {
        StorageFailures failures = new StorageFailures(directory);
        Database database = new Database(directory.resolve(FILE));
        WatchedConnection connection =
                DatabaseFile.open(database, properties.walSize().toBytes(), failures, clock);
        try {
            return new RowStore(database, connection, properties, clock, failures, follower, meters);
        } catch (SQLException | RuntimeException e) {
            DatabaseFile.close(connection, e);
            throw DatabaseFile.explain(failures.translate(e), database.file());
        }
    }

    /** The tables that were there when the store was opened, in the order of their creation. */
    List<TableRecord> tablesAtStart() {
        return tablesAtStart;
    }

    /** Whoever changes something. */
    Writer writer() {
        return writer;
    }

    /** The indexes that were asked for. */
    DeclaredIndexes indexes() {
        return indexes;
    }

    /** Reads a table. */
    StoredRows rows(TableRecord table) {
        return new StoredRows(table, readers, scanners);
    }

    /** What a table's index reads back, under the layout that the table has now. */
    RowSource source(TableRecord table) {
        return new StoredRowSource(table, readers);
    }

    /** The receipt of a write that was to happen once. */
    Optional<Once.Receipt> receipt(String key) {
        return readers.read(statements -> Receipts.find(statements, key, clock.instant()));
    }

    /** To which starts of engines commits belong. */
    Histories histories() {
        return histories;
    }

    /** Reads tables, by their ids, and notes as of one commit. */
    <T> T snapshot(Map<UUID, TableLayout> layouts, Function<Snapshot, T> reading) {
        return scanners.readAsOfOneCommit(statements -> StoredSnapshot.read(statements, layouts, reading));
    }

    /** Connections for selects over several tables. */
    ReadConnections selects() {
        return new ReadConnections() {
            @Override
            public WatchedConnection open() throws SQLException {
                return database.openReader();
            }

            @Override
            public AkidbException translate(SQLException failure) {
                return failures.translate(failure);
            }
        };
    }

    /** The rows that satisfy a condition as of one commit, found beside the writer. */
    private ConditionMatches matches(TableLayout layout, Predicate condition) {
        return scanners.readAsOfOneCommit(reader -> ConditionMatches.read(reader, layout, condition));
    }

    /** Why reads of rows or writes make no progress; empty if they do. */
    Optional<String> standstill() {
        if (readers.longestWait().compareTo(STANDSTILL) > 0) {
            return Optional.of("Reads have waited for more than " + STANDSTILL.toSeconds() + " s");
        }
        return writer.longestWait().compareTo(STANDSTILL) > 0
                ? Optional.of("Writes have waited for more than " + STANDSTILL.toSeconds() + " s")
                : Optional.empty();
    }

    /** What the database takes on the disk, in bytes: the file, what of it holds nothing, and the log. */
    record Sizes(long database, long free, long wal) {}

    Sizes sizes() {
        return new Sizes(database.bytes(), writer.freeBytes(), database.walBytes());
    }

    /** Refuses new writes and returns when the queued ones are done and answered. Reading remains possible. */
    void stopWriting() {
        indexes.stop();
        writer.stop();
    }

    /** Writes the log back to the database and closes it. */
    @Override
    public void close() {
        try {
            readers.close();
            scanners.close();
            writing.close();
        } catch (SQLException e) {
            throw failures.translate(e);
        }
    }
}
