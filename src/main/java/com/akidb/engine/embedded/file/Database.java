package com.akidb.engine.embedded.file;

import com.akidb.engine.embedded.sql.WatchedConnection;
import java.io.File;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;

/** One SQLite file and how connections to it are set up. */
public final class Database {

    /** Five 384-dimensional vectors fit into a page of this size, where two fit into SQLite's default of 4,096. */
    public static final int PAGE_BYTES = 8192;

    /** The {@code PRAGMA auto_vacuum} of a database that returns free pages on request. */
    public static final int INCREMENTAL = 2;

    public static final int BUSY_MILLIS = 10_000;

    private static final int WRITER_CACHE_KIB = 16_384;
    private static final int READER_CACHE_KIB = 4_096;

    private final Path file;
    private final File main;
    private final File log;

    public Database(Path file) {
        this.file = file;
        this.main = file.toFile();
        this.log = file.resolveSibling(file.getFileName() + "-wal").toFile();
    }

    public Path file() {
        return file;
    }

    /** The directory that the file is in. */
    public Path directory() {
        return Objects.requireNonNull(file.toAbsolutePath().getParent());
    }

    /** Size of the file, without the log; 0 if it is not there. */
    public long bytes() {
        return main.length();
    }

    /** Size of the write-ahead log; 0 if it is not there. */
    public long walBytes() {
        return log.length();
    }

    /** The connection that writes; there is only one. Nothing is changed before {@link #prepareForWriting}. */
    WatchedConnection openWriter() throws SQLException {
        return open(false, WRITER_CACHE_KIB);
    }

    /** A connection that sees commits and makes none. */
    public WatchedConnection openReader() throws SQLException {
        return open(true, READER_CACHE_KIB);
    }

    /**
     * From here on a commit returns when the disk has it, and readers do not wait for the writer. A new database is made so
     * that it can give back free pages.
     *
     * @param walBytes size of the log from which it is written back, and to which it is cut when it was longer
     */
    static void prepareForWriting(Connection writer, long walBytes) throws SQLException {
        execute(writer, "PRAGMA page_size=" + PAGE_BYTES);
        if (number(writer, "PRAGMA auto_vacuum") != INCREMENTAL) {
            execute(writer, "PRAGMA auto_vacuum=" + INCREMENTAL);
        }
        execute(writer, "PRAGMA journal_mode=WAL");
        execute(writer, "PRAGMA synchronous=FULL");
        execute(writer, "PRAGMA wal_autocheckpoint=" + Math.max(1, walBytes / PAGE_BYTES));
        execute(writer, "PRAGMA journal_size_limit=" + walBytes);
    }

    private WatchedConnection open(boolean readOnly, int cacheKibibytes) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(readOnly);
        config.setBusyTimeout(BUSY_MILLIS);
        // Else the driver prepares and runs a query for the last row's id behind each change.
        config.setGetGeneratedKeys(false);
        Connection connection = config.createConnection("jdbc:sqlite:" + file);
        try {
            // The flag alone: else the driver tries an empty transaction behind each statement. Ours are begun and
            // ended by hand.
            ((SQLiteConnection) connection).getConnectionConfig().setAutoCommit(false);
            execute(connection, "PRAGMA cache_size=-" + cacheKibibytes);
            return WatchedConnection.of(connection);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Steps of a transaction. */
    interface Steps {
        void run() throws SQLException;
    }

    /** Does all of the steps or nothing. */
    static void transaction(Connection connection, Steps steps) throws SQLException {
        execute(connection, "BEGIN IMMEDIATE");
        try {
            steps.run();
            execute(connection, "COMMIT");
        } catch (SQLException | RuntimeException e) {
            try {
                execute(connection, "ROLLBACK");
            } catch (SQLException alreadyEnded) {
                e.addSuppressed(alreadyEnded);
            }
            throw e;
        }
    }

    public static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The number that a query for one number answers. */
    public static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            if (!result.next()) {
                throw new SQLException("no answer to " + sql);
            }
            return result.getLong(1);
        }
    }
}
