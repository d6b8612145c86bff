package com.akidb.backup;

import com.akidb.engine.embedded.catalog.DatabaseCheck;
import com.akidb.engine.embedded.file.DirectoryLock;
import com.akidb.engine.embedded.file.StoredDatabase;
import com.akidb.error.CorruptDataException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.UnavailableException;
import com.akidb.file.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;

/**
 * Makes the database of a data directory as small as it can be, and such that it gives room back by itself from then on. It
 * is copied beside itself and the copy is read back before it takes its name, so that nothing is lost whenever this ends.
 */
public final class DatabaseCompaction {

    private static final String COPY = ".compact";

    private DatabaseCompaction() {}

    /**
     * What became of the database.
     *
     * @param before its size in bytes, log included
     * @param after its size in bytes
     */
    public record Result(Path database, long before, long after) {}

    /**
     * Compacts the database of a data directory that no server uses. Needs room for a second one.
     *
     * @param progress told of each step, in words
     * @throws InvalidInputException if there is no such directory
     * @throws com.akidb.error.NotFoundException if it has no database
     * @throws CorruptDataException if the database is damaged
     * @throws UnavailableException if a server uses the directory, or there is no room
     */
    public static Result run(Path dataDirectory, Clock clock, Consumer<String> progress) {
        if (!Files.isDirectory(dataDirectory)) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT, "There is no directory " + dataDirectory, "--data-dir");
        }
        try (DirectoryLock _ = DirectoryLock.acquire(dataDirectory, clock)) {
            StoredDatabase.requireRestored(dataDirectory);
            return compact(dataDirectory.resolve(StoredDatabase.FILE), clock, progress);
        } catch (IOException e) {
            throw new UnavailableException("The database in " + dataDirectory + " cannot be compacted: " + e, e);
        }
    }

    private static Result compact(Path database, Clock clock, Consumer<String> progress) throws IOException {
        Path copy = database.resolveSibling(StoredDatabase.FILE + COPY);
        Path wal = database.resolveSibling(StoredDatabase.FILE + "-wal");
        long before = database.toFile().length() + wal.toFile().length();
        try {
            Files.deleteIfExists(copy);
            progress.accept("Copying the database");
            StoredDatabase.compactInto(database, copy, clock);
            progress.accept("Reading it back");
            List<String> problems = DatabaseCheck.problems(copy);
            if (!problems.isEmpty() || StoredDatabase.version(copy) != StoredDatabase.version(database)) {
                throw new CorruptDataException(
                        "The database " + database + " was not replaced, since its copy is damaged: "
                                + (problems.isEmpty() ? "it is of another commit" : problems.getFirst()));
            }
            if (wal.toFile().length() > 0) {
                throw new UnavailableException("The database " + database + " is in use");
            }
            AtomicFiles.makePrivate(copy);
            // A log must not outlive the database that it belongs to.
            Files.deleteIfExists(wal);
            AtomicFiles.forceDirectory(AtomicFiles.parentOf(database));
            progress.accept("Giving it its name");
            AtomicFiles.publish(copy, database);
        } finally {
            Files.deleteIfExists(copy);
        }
        return new Result(database, before, database.toFile().length());
    }
}
