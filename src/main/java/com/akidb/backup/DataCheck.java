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
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Reads all that a data directory holds and says what is wrong with which file. Changes nothing. */
public final class DataCheck {

    static final int MOST_PROBLEMS = 1_000;

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
        try (DirectoryLock _ = DirectoryLock.acquire(dataDirectory, clock)) {
            StoredDatabase.requireRestored(dataDirectory);
            return runBeside(dataDirectory, clock, step -> {}, () -> false);
        } catch (IOException e) {
            throw new UnavailableException(dataDirectory + " cannot be read: " + e, e);
        }
    }

    /**
     * Checks a data directory beside the server that uses it.
     *
     * @param progress told of each step, in words that begin small
     * @param isOver whether nobody wants to know any more
     * @return what is wrong, at most 1,000 problems
     * @throws UnavailableException if it was over before the end
     */
    static List<Problem> runBeside(Path dataDirectory, Clock clock, Consumer<String> progress, BooleanSupplier isOver)
            throws IOException {
        List<Problem> problems = new ArrayList<>();
        checkDatabase(dataDirectory.resolve(StoredDatabase.FILE), progress, isOver, problems);
        progress.accept("reading the keys");
        checkKeys(dataDirectory, clock, problems);
        checkSnapshots(dataDirectory.resolve(INDEXES), progress, isOver, problems);
        return problems.stream().limit(MOST_PROBLEMS).toList();
    }

    private static void checkDatabase(
            Path database, Consumer<String> progress, BooleanSupplier isOver, List<Problem> problems) {
        if (Files.exists(database)) {
            DatabaseCheck.problems(database, progress, isOver)
                    .forEach(what -> problems.add(new Problem(database, what, false)));
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

    private static void checkSnapshots(
            Path directory, Consumer<String> progress, BooleanSupplier isOver, List<Problem> problems)
            throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(DataCheck::isSnapshot).sorted().toList()) {
                if (isOver.getAsBoolean()) {
                    throw new UnavailableException("The check of " + directory + " was ended before it was done");
                }
                progress.accept("reading the snapshot " + file.getFileName());
                try (TableSnapshot whole = TableSnapshot.open(file)) {
                    whole.version();
                } catch (NoSuchFileException gone) {
                    // The server deletes those of tables that are dropped.
                    continue;
                } catch (AkidbException | IOException damaged) {
                    problems.add(new Problem(file, String.valueOf(damaged.getMessage()), true));
                }
            }
        }
    }

    /** Not one that is being written. */
    private static boolean isSnapshot(Path file) {
        return Files.isRegularFile(file) && !file.getFileName().toString().endsWith(".new");
    }
}
