package com.akidb.security.keys;

import com.akidb.error.CorruptDataException;
import com.akidb.error.UnavailableException;
import com.akidb.file.AtomicFiles;
import com.akidb.file.PrivateFiles;
import com.akidb.security.ApiKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
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
    private final Path lock;

    /** @param dataDirectory of the server; need not be there yet */
    public KeyFile(Path dataDirectory) {
        this.directory = dataDirectory.resolve("security");
        this.file = directory.resolve("keys.json");
        this.lock = directory.resolve("keys.lock");
    }

    public Path path() {
        return file;
    }

    /**
     * All keys; none if there never were any.
     *
     * @throws CorruptDataException if it is no file of keys, or is gone
     * @throws UnavailableException if it cannot be read
     */
    public List<ApiKey> read() {
        try {
            return KeysJson.read(Files.readString(file));
        } catch (NoSuchFileException none) {
            if (hadKeys()) {
                throw new CorruptDataException(
                        file + " is gone, although API keys were made here: restore it from a"
                                + " backup, or make new keys with 'akidb keys create', or delete " + lock
                                + " if everybody is to be let in",
                        none);
            }
            return List.of();
        } catch (CorruptDataException damaged) {
            throw new CorruptDataException(file + " is damaged: " + damaged.detail(), damaged);
        } catch (IOException unreadable) {
            throw new UnavailableException(file + " cannot be read: " + unreadable, unreadable);
        }
    }

    /** Whether keys were made in this directory at some time: the lock says so from then on. */
    private boolean hadKeys() {
        return lock.toFile().length() > 0;
    }

    private List<ApiKey> readOrNone() {
        return Files.exists(file) ? read() : List.of();
    }

    /** Replaces the keys by what a change makes of them. */
    public void change(UnaryOperator<List<ApiKey>> change) {
        THREADS.lock();
        try {
            AtomicFiles.createPrivateDirectory(directory);
            PrivateFiles.file(lock);
            try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
                    FileLock held = channel.lock()) {
                AtomicFiles.writePrivately(file, KeysJson.write(change.apply(readOrNone())), () -> {
                    if (!held.isValid()) {
                        throw new IOException("the lock was lost");
                    }
                });
                channel.write(ByteBuffer.wrap("keys were made here\n".getBytes(StandardCharsets.US_ASCII)));
            }
        } catch (IOException unwritable) {
            throw new UnavailableException(file + " cannot be written: " + unwritable, unwritable);
        } finally {
            THREADS.unlock();
        }
    }
}
