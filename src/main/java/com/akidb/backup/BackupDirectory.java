package com.akidb.backup;

import com.akidb.engine.embedded.file.DirectoryLock;
import com.akidb.engine.embedded.file.StoredDatabase;
import com.akidb.error.ConflictException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.UnavailableException;
import com.akidb.file.AtomicFiles;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a backup: a directory with a copy of the database as of one commit, of the keys and the audit log if they are
 * wanted, and a manifest. It is written under a temporary name beside its own, brought to the disk and read back; only
 * then it takes its name. So whatever has the name of a backup is whole, and was found so once.
 */
public final class BackupDirectory {

    private static final Logger log = LoggerFactory.getLogger(BackupDirectory.class);

    private static final String PARTIAL = ".partial";
    private static final List<String> KEY_FILES = List.of("keys.json", "key-uses.json", "keys.lock", "tokens.revoked");

    private BackupDirectory() {}

    /** Backs up a data directory that no server uses; otherwise as {@link #write}. */
    public static Backup writeLocked(
            Path dataDirectory, Path target, Backup.Contents contents, Clock clock, Consumer<String> progress) {
        if (!Files.isDirectory(dataDirectory)) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT, "There is no directory " + dataDirectory, "--data-dir");
        }
        try (DirectoryLock _ = DirectoryLock.acquire(dataDirectory, clock)) {
            StoredDatabase.requireRestored(dataDirectory);
            return write(dataDirectory, target, contents, clock, progress);
        }
    }

    /**
     * Backs up a data directory while it is in use.
     *
     * @param target the backup's directory, which must not be there yet
     * @param progress told of each step, in words
     * @throws ConflictException if the target is there
     * @throws com.akidb.error.CorruptDataException if the database, or what was written, is damaged
     * @throws UnavailableException if it cannot be written
     */
    static Backup write(
            Path dataDirectory, Path target, Backup.Contents contents, InstantSource clock, Consumer<String> progress) {
        if (Files.exists(target)) {
            throw new ConflictException(ErrorCode.ALREADY_EXISTS, "There is a " + target + " already", "name");
        }
        Path partial = partial(target);
        try {
            AtomicFiles.deleteTree(partial);
            AtomicFiles.directoryOf(partial);
            Files.createDirectory(partial, AtomicFiles.ownerOnlyDirectory(partial));
            Backup made = fill(partial, target.toAbsolutePath().normalize(), dataDirectory, contents, clock, progress);
            progress.accept("Done");
            return made;
        } catch (IOException e) {
            throw new UnavailableException("The backup " + target + " cannot be written: " + e, e);
        } finally {
            discard(partial);
        }
    }

    private static Backup fill(
            Path partial,
            Path target,
            Path dataDirectory,
            Backup.Contents contents,
            InstantSource clock,
            Consumer<String> progress)
            throws IOException {
        progress.accept("Copying the database");
        Instant madeAt = clock.instant();
        List<String> paths = new ArrayList<>();
        long commit =
                StoredDatabase.copy(dataDirectory.resolve(StoredDatabase.FILE), partial.resolve(StoredDatabase.FILE));
        paths.add(StoredDatabase.FILE);
        progress.accept("Copying the other files");
        if (contents.keys()) {
            for (String name : KEY_FILES) {
                copy(dataDirectory, Manifest.KEYS, name, partial, paths);
            }
        }
        if (contents.audit()) {
            for (String name : logs(dataDirectory.resolve(Manifest.AUDIT))) {
                copy(dataDirectory, Manifest.AUDIT, name, partial, paths);
            }
        }
        Manifest.of(partial, paths, madeAt, commit).write(partial);
        AtomicFiles.forceTree(partial);
        progress.accept("Reading it back");
        Manifest manifest = Manifest.read(partial);
        manifest.verify(partial);
        progress.accept("Giving it its name");
        AtomicFiles.publishDirectory(partial, target);
        return manifest.describe(target);
    }

    /** The audit log's files, youngest first, so that a file which is closed meanwhile may come twice, but is not missed. */
    private static List<String> logs(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".log"))
                    .sorted((a, b) -> a.length() == b.length() ? a.compareTo(b) : a.length() - b.length())
                    .toList();
        }
    }

    /** Copies a file if it is there; a log only to the end of its last whole line. */
    private static void copy(Path from, String folder, String name, Path partial, List<String> paths)
            throws IOException {
        Path copy = partial.resolve(folder).resolve(name);
        Files.createDirectories(partial.resolve(folder), AtomicFiles.ownerOnlyDirectory(partial));
        try {
            Files.copy(from.resolve(folder).resolve(name), copy);
        } catch (NoSuchFileException goneOrNeverThere) {
            return;
        }
        if (folder.equals(Manifest.AUDIT)) {
            endWithAWholeLine(copy);
        }
        paths.add(folder + "/" + name);
    }

    private static void endWithAWholeLine(Path file) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            long end = bytes.length();
            while (end > 0) {
                bytes.seek(end - 1);
                if (bytes.read() == '\n') {
                    break;
                }
                end--;
            }
            bytes.setLength(end);
        }
    }

    /**
     * What a complete backup has, by its manifest.
     *
     * @throws com.akidb.error.NotFoundException if the directory is no backup
     * @throws com.akidb.error.CorruptDataException if its manifest is damaged
     */
    static Backup describe(Path directory) {
        return Manifest.read(directory).describe(directory);
    }

    /** Deletes a backup; from the first moment on nobody takes what is left for one. */
    static void delete(Path directory) throws IOException {
        Path partial = partial(directory);
        AtomicFiles.deleteTree(partial);
        Files.move(directory, partial, StandardCopyOption.ATOMIC_MOVE);
        AtomicFiles.deleteTree(partial);
    }

    /** Deletes what interrupted backups left in a directory. */
    static void deletePartials(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        List<Path> partials;
        try (Stream<Path> all = Files.list(directory)) {
            partials = all.filter(each -> each.getFileName().toString().startsWith(".")
                            && each.getFileName().toString().endsWith(PARTIAL))
                    .toList();
        }
        for (Path partial : partials) {
            AtomicFiles.deleteTree(partial);
        }
    }

    private static Path partial(Path target) {
        Path whole = target.toAbsolutePath().normalize();
        return whole.resolveSibling("." + whole.getFileName() + PARTIAL);
    }

    private static void discard(Path partial) {
        try {
            AtomicFiles.deleteTree(partial);
        } catch (IOException e) {
            log.warn("{} could not be deleted; the next backup of that name tries again", partial, e);
        }
    }
}
