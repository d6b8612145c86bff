package com.akidb.backup;

import com.akidb.engine.embedded.catalog.DatabaseCheck;
import com.akidb.engine.embedded.file.DirectoryLock;
import com.akidb.engine.embedded.file.StoredDatabase;
import com.akidb.engine.embedded.index.snapshot.TableSnapshot;
import com.akidb.error.AkidbException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.UnavailableException;
import com.akidb.security.ApiKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads all that a data directory holds and says what is wrong with which file. Changes nothing. */
public final class DataCheck {

    private static final String INDEXES = "indexes";

    private DataCheck() {}

    /**
     * Something that is wrong.
     *
     * @param file that has it
     * @param what a sentence without an end, which begins small
     * @param harmless whether the server mends it by itself at its next start
     */
    public record Problem(Path file, String what, boolean harmless) {}

    /**
     * Checks a data directory that no server uses.
     *
     * @return what is wrong; empty if all is well
     * @throws InvalidInputException if there is no such directory
     * @throws UnavailableException if a server uses it, or a restore into it was interrupted
     */
    public static List<Problem> run(Path dataDirectory, Clock clock) {
        if (!Files.isDirectory(dataDirectory)) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT, "There is no directory " + dataDirectory, "--data-dir");
        }
        List<Problem> problems = new ArrayList<>();
        try (DirectoryLock _ = DirectoryLock.acquire(dataDirectory, clock)) {
            StoredDatabase.requireRestored(dataDirectory);
            checkDatabase(dataDirectory.resolve(StoredDatabase.FILE), problems);
            checkKeys(dataDirectory, clock, problems);
            checkSnapshots(dataDirectory.resolve(INDEXES), problems);
        } catch (IOException e) {
            throw new UnavailableException(dataDirectory + " cannot be read: " + e, e);
        }
        return problems;
    }

    private static void checkDatabase(Path database, List<Problem> problems) {
        if (Files.exists(database)) {
            DatabaseCheck.problems(database).forEach(what -> problems.add(new Problem(database, what, false)));
        } else {
            problems.add(new Problem(database, "it is not there", false));
        }
    }

    private static void checkKeys(Path dataDirectory, Clock clock, List<Problem> problems) {
        try {
            new ApiKeys(dataDirectory, clock).list();
        } catch (AkidbException unreadable) {
            problems.add(
                    new Problem(dataDirectory.resolve(Manifest.KEYS).resolve("keys.json"), unreadable.detail(), false));
        }
    }

    private static void checkSnapshots(Path directory, List<Problem> problems) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                try (TableSnapshot whole = TableSnapshot.open(file)) {
                    whole.version();
                } catch (AkidbException | IOException damaged) {
                    problems.add(new Problem(file, String.valueOf(damaged.getMessage()), true));
                }
            }
        }
    }
}
