package com.akidb.model.files;

import com.akidb.file.AtomicFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Lets one process, and in it one thread, work on a file at a time. The system frees the lock of a process that died. */
public final class FileLocks {

    private static final long POLL = Duration.ofMillis(50).toNanos();

    private FileLocks() {}

    /** Work that may fail for what the disk does. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws IOException;
    }

    /** Waits for the lock beside {@code file}, then works. */
    public static <T> T locked(Path file, Work<T> work) throws IOException {
        Path lock = file.resolveSibling(file.getFileName() + ".lock");
        AtomicFiles.directoryOf(lock);
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = acquire(channel)) {
            return held.isValid() ? work.run() : locked(file, work);
        }
    }

    private static FileLock acquire(FileChannel channel) throws IOException {
        while (true) {
            try {
                return channel.lock();
            } catch (OverlappingFileLockException e) {
                // Another thread of this process holds it, and Java offers no way to wait for that.
                LockSupport.parkNanos(POLL);
            }
        }
    }
}
