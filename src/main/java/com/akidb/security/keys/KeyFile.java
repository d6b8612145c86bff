package com.akidb.security.keys;

import com.akidb.error.CorruptDataException;
import com.akidb.error.UnavailableException;
import com.akidb.file.AtomicFiles;
import com.akidb.security.ApiKey;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
            Files.createDirectories(directory, AtomicFiles.ownerOnlyDirectory(directory));
            try (FileChannel lock = FileChannel.open(
                            file.resolveSibling("keys.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock held = lock.lock()) {
                AtomicFiles.writePrivately(file, KeysJson.write(change.apply(read())), () -> {
                    if (!held.isValid()) {
                        throw new IOException("the lock was lost");
                    }
                });
            }
        } catch (IOException unwritable) {
            throw new UnavailableException(file + " cannot be written: " + unwritable, unwritable);
        } finally {
            THREADS.unlock();
        }
    }
}
