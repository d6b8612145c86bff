package com.akidb.security.keys;

import com.akidb.error.CorruptDataException;
import com.akidb.error.UnavailableException;
import com.akidb.security.ApiKey;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * The file of keys, {@code security/keys.json} in the data directory: there whole or not at all, readable by its owner
 * only, changed by one process at a time, read by others meanwhile.
 */
public final class KeyFile {

    /** The lock of a file is one between processes; threads of one need another. */
    private static final ReentrantLock THREADS = new ReentrantLock();

    private final Path directory;
    private final Path file;

    /** @param dataDirectory of the server; need not be there yet */
    public KeyFile(Path dataDirectory) {
        this.directory = dataDirectory.resolve("security");
        this.file = directory.resolve("keys.json");
    }

    public Path path() {
        return file;
    }

    /**
     * All keys; none if there is no file.
     *
     * @throws CorruptDataException if it is no file of keys
     * @throws UnavailableException if it cannot be read
     */
    public List<ApiKey> read() {
        try {
            return KeysJson.read(Files.readString(file));
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (CorruptDataException damaged) {
            throw new CorruptDataException(file + " is damaged: " + damaged.detail(), damaged);
        } catch (IOException unreadable) {
            throw new UnavailableException(file + " cannot be read: " + unreadable, unreadable);
        }
    }

    /** Replaces the keys by what a change makes of them. */
    public void change(UnaryOperator<List<ApiKey>> change) {
        THREADS.lock();
        try {
            Files.createDirectories(directory, ownerOnly(directory, "rwx------"));
            try (FileChannel lock = FileChannel.open(
                            file.resolveSibling("keys.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock held = lock.lock()) {
                write(KeysJson.write(change.apply(read())), held);
            }
        } catch (IOException unwritable) {
            throw new UnavailableException(file + " cannot be written: " + unwritable, unwritable);
        } finally {
            THREADS.unlock();
        }
    }

    private void write(String content, FileLock held) throws IOException {
        Path temporary = Files.createTempFile(directory, "keys", ".tmp", ownerOnly(directory, "rw-------"));
        try {
            Files.writeString(temporary, content);
            force(temporary, StandardOpenOption.WRITE);
            if (!held.isValid()) {
                throw new IOException("the lock was lost");
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            force(directory, StandardOpenOption.READ);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void force(Path path, StandardOpenOption option) throws IOException {
        try (FileChannel channel = FileChannel.open(path, option)) {
            channel.force(true);
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path place, String permissions) {
        boolean posix = place.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
