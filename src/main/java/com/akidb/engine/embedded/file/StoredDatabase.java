package com.akidb.engine.embedded.file;

import com.akidb.engine.embedded.sql.WatchedConnection;
import com.akidb.error.CorruptDataException;
import com.akidb.error.NotFoundException;
import com.akidb.error.UnavailableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Objects;
import org.springframework.modulith.NamedInterface;

/** The database of a data directory as a file: what copies it, beside an engine that runs or without one. */
@NamedInterface("storage")
public final class StoredDatabase {

    /** Its name in a data directory and in a backup. */
    public static final String FILE = "akidb.db";

    /** Stands in a data directory from when a restore begins to replace files until it has replaced all of them. */
    public static final String RESTORE_UNFINISHED = "restore-unfinished";

    private static final long COMPACTING_WAL_BYTES = 32L << 20;

    private StoredDatabase() {}

    /**
     * Copies a database as of one commit into a new file, by a connection of its own: writers go on, and the log grows
     * by what they write meanwhile. The copy has no free pages. It is not yet brought to the disk.
     *
     * @return sequence number of the last commit that is in the copy
     * @throws NotFoundException if there is no database
     * @throws CorruptDataException if it is damaged, not AkiDB's, or of a newer version
     * @throws UnavailableException if there is no room for the copy
     */
    public static long copy(Path database, Path copy) {
        if (!Files.isRegularFile(database)) {
            throw new NotFoundException("There is no database " + database);
        }
        try (WatchedConnection opened = new Database(database).openReader()) {
            Connection reader = opened.connection();
            Schema.requireKnown(reader, database);
            try (PreparedStatement vacuum = reader.prepareStatement("VACUUM INTO ?")) {
                vacuum.setString(1, copy.toString());
                vacuum.execute();
            }
        } catch (SQLException e) {
            throw failures(copy).translate(e);
        }
        return version(copy);
    }

    /**
     * Copies a database that is not in use into a new file that has no free pages and gives later ones back, also if the
     * database was made before there was such a thing. Its log is written back and deleted. The copy is not yet brought to the disk.
     *
     * @throws NotFoundException if there is no database
     * @throws CorruptDataException if it is damaged, not AkiDB's, or of a newer version
     * @throws UnavailableException if there is no room for the copy, or the database is in use after all
     */
    public static void compactInto(Path database, Path copy, Clock clock) {
        if (!Files.isRegularFile(database)) {
            throw new NotFoundException("There is no database " + database);
        }
        StorageFailures failures = failures(copy);
        try (WatchedConnection opened =
                        DatabaseFile.open(new Database(database), COMPACTING_WAL_BYTES, failures, clock);
                PreparedStatement vacuum = opened.connection().prepareStatement("VACUUM INTO ?")) {
            vacuum.setString(1, copy.toString());
            vacuum.execute();
            if (Database.number(opened.connection(), "PRAGMA wal_checkpoint(TRUNCATE)") != 0) {
                throw new UnavailableException("The database " + database + " is in use");
            }
        } catch (SQLException e) {
            throw failures.translate(e);
        }
    }

    /** Sequence number of the last commit of a database to which nothing is written. */
    public static long version(Path database) {
        try (WatchedConnection opened = new Database(database).openReader()) {
            Connection reader = opened.connection();
            Schema.requireKnown(reader, database);
            return version(reader);
        } catch (SQLException e) {
            throw DatabaseFile.explain(failures(database).translate(e), database);
        }
    }

    private static StorageFailures failures(Path file) {
        return new StorageFailures(Objects.requireNonNull(file.toAbsolutePath().getParent()));
    }

    /** Sequence number of the last commit that a connection sees. */
    public static long version(Connection reader) throws SQLException {
        return Database.number(
                reader,
                "SELECT max((SELECT version FROM akidb_state), coalesce((SELECT max(version) FROM akidb_tables), 0))");
    }

    /**
     * Refuses a data directory in which a restore was interrupted while it replaced files.
     *
     * @throws UnavailableException saying how to go on
     */
    public static void requireRestored(Path dataDirectory) {
        if (Files.exists(dataDirectory.resolve(RESTORE_UNFINISHED))) {
            throw new UnavailableException("A restore into " + dataDirectory
                    + " was interrupted, so that what is there is not whole; run 'akidb restore' with --replace again");
        }
    }
}
