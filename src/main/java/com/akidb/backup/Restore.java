package com.akidb.backup;

import com.akidb.engine.embedded.file.DirectoryLock;
import com.akidb.engine.embedded.file.StoredDatabase;
import com.akidb.error.ConflictException;
import com.akidb.error.ErrorCode;
import com.akidb.error.UnavailableException;
import com.akidb.file.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Puts a backup into a data directory, whole or not at all. The files are copied to a folder inside it and verified there;
 * up to then the directory stays as it was. While they replace what was there, a marker stands in the directory, with which
 * no server starts; a restore that is run again replaces everything once more.
 */
public final class Restore {

    private static final String STAGE = ".restore";
    private static final Set<String> IGNORED = Set.of(DirectoryLock.FILE, STAGE);

    /** The database's own, and the snapshots of indexes that belong to another state of it. */
    private static final List<String> REPLACED = List.of(
            StoredDatabase.FILE + "-wal",
            StoredDatabase.FILE + "-shm",
            StoredDatabase.FILE + "-journal",
            "indexes",
            StoredDatabase.FILE);

    private final Path backup;
    private final Path data;
    private final boolean replace;
    private final Clock clock;
    private final Consumer<String> progress;

    /**
     * @param backup directory of the backup
     * @param dataDirectory made if it is not there
     * @param replace whether a directory that is not empty is restored into: its database is replaced, and keys and audit
     *     log if the backup has them
     * @param progress told of each step, in words
     */
    public Restore(Path backup, Path dataDirectory, boolean replace, Clock clock, Consumer<String> progress) {
        this.backup = backup;
        this.data = dataDirectory.toAbsolutePath().normalize();
        this.replace = replace;
        this.clock = clock;
        this.progress = progress;
    }

    /**
     * Restores.
     *
     * @return what was restored
     * @throws com.akidb.error.NotFoundException if there is no backup
     * @throws com.akidb.error.CorruptDataException if the backup is damaged
     * @throws ConflictException if the directory is not empty and may not be replaced
     * @throws UnavailableException if a server uses the directory, or there is no room
     */
    public Backup run() {
        progress.accept("Verifying the backup");
        Manifest manifest = Manifest.read(backup);
        manifest.verifyFiles(backup);
        try {
            AtomicFiles.createPrivateDirectory(data);
            try (DirectoryLock _ = DirectoryLock.acquire(data, clock)) {
                requireEmpty();
                Path stage = data.resolve(STAGE);
                try {
                    stage(manifest, stage);
                    replace(manifest, stage);
                } finally {
                    AtomicFiles.deleteTree(stage);
                }
            }
        } catch (IOException e) {
            throw new UnavailableException("The backup " + backup + " cannot be restored: " + e, e);
        }
        progress.accept("Done");
        return manifest.describe(backup);
    }

    private void requireEmpty() throws IOException {
        if (replace) {
            return;
        }
        try (Stream<Path> all = Files.list(data)) {
            boolean empty =
                    all.allMatch(each -> IGNORED.contains(each.getFileName().toString()));
            if (!empty) {
                throw new ConflictException(
                        ErrorCode.ALREADY_EXISTS,
                        data + " is not empty; with --replace its database is replaced by the backup's",
                        "--data-dir");
            }
        }
    }

    private void stage(Manifest manifest, Path stage) throws IOException {
        progress.accept("Copying the backup");
        AtomicFiles.deleteTree(stage);
        AtomicFiles.createPrivateDirectory(stage);
        for (Manifest.Entry entry : manifest.files()) {
            Path file = stage.resolve(entry.path());
            if (entry.path().contains("/")) {
                AtomicFiles.createPrivateDirectory(AtomicFiles.parentOf(file));
            }
            Files.copy(backup.resolve(entry.path()), file);
            AtomicFiles.makePrivate(file);
        }
        AtomicFiles.forceTree(stage);
        progress.accept("Verifying the copy");
        manifest.verify(stage);
    }

    private void replace(Manifest manifest, Path stage) throws IOException {
        progress.accept("Replacing");
        Path marker = data.resolve(StoredDatabase.RESTORE_UNFINISHED);
        AtomicFiles.write(marker, "from " + backup.toAbsolutePath() + "\n");
        for (String name : REPLACED) {
            AtomicFiles.deleteTree(data.resolve(name));
        }
        progress.accept("Moving the keys and the audit log to their places");
        for (String folder : List.of(Manifest.KEYS, Manifest.AUDIT)) {
            if (manifest.has(folder)) {
                AtomicFiles.deleteTree(data.resolve(folder));
                Files.move(stage.resolve(folder), data.resolve(folder), StandardCopyOption.ATOMIC_MOVE);
            }
        }
        progress.accept("Moving the database to its place");
        AtomicFiles.publish(stage.resolve(StoredDatabase.FILE), data.resolve(StoredDatabase.FILE));
        progress.accept("All is in its place");
        Files.delete(marker);
        AtomicFiles.forceDirectory(data);
    }
}
