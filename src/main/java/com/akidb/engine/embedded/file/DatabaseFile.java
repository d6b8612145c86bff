package com.akidb.engine.embedded.file;

import com.akidb.engine.embedded.sql.WatchedConnection;
import com.akidb.error.AkidbException;
import com.akidb.error.CorruptDataException;
import com.akidb.error.UnavailableException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** Opens the database file for writing: makes a new one, upgrades an old one, or refuses what it cannot vouch for. */
public final class DatabaseFile {

    private DatabaseFile() {}

    /**
     * The connection that writes.
     *
     * @throws CorruptDataException if the file is damaged, not AkiDB's, or of a newer version
     * @throws UnavailableException if it cannot be opened, or there is no room for it
     */
    public static WatchedConnection open(Database database, long walBytes, StorageFailures failures, Clock clock) {
        WatchedConnection connection = null;
        try {
            connection = database.openWriter();
            prepare(connection.connection(), database.file(), walBytes, clock);
            return connection;
        } catch (SQLException e) {
            close(connection, e);
            throw explain(failures.translate(e), database.file());
        } catch (RuntimeException e) {
            close(connection, e);
            throw e;
        }
    }

    private static void prepare(Connection connection, Path file, long walBytes, Clock clock) throws SQLException {
        boolean isNew = Schema.isEmpty(connection);
        if (!isNew) {
            Schema.requireKnown(connection, file);
        }
        Database.prepareForWriting(connection, walBytes);
        if (isNew) {
            Schema.create(connection);
        } else {
            FormatUpgrade.run(connection, clock);
        }
    }

    /** Says at start what is wrong with the file, and which it is. */
    public static AkidbException explain(AkidbException failure, Path file) {
        String cause = String.valueOf(failure.getCause());
        return switch (failure) {
            case CorruptDataException damaged ->
                new CorruptDataException(
                        "The database " + file + " is damaged and is not used (" + cause
                                + "); restore it from a backup, or move it away to start empty",
                        damaged);
            case UnavailableException unavailable -> unavailable;
            default -> new UnavailableException("The database " + file + " cannot be opened (" + cause + ")", failure);
        };
    }

    public static void close(@Nullable WatchedConnection connection, Exception failure) {
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                failure.addSuppressed(e);
            }
        }
    }
}
