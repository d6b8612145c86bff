package com.akidb.engine.embedded.file;

import com.akidb.error.UnavailableException;
import com.akidb.file.PrivateFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.modulith.NamedInterface;

/**
 * Lets one process at a time use a data directory. The operating system drops the lock with the process, however it
 * ends, so a stale one cannot be left behind; the file stays and says who held it last.
 */
@NamedInterface("storage")
public final class DirectoryLock implements AutoCloseable {

    public static final String FILE = "akidb.lock";

    /** Far behind the text, so that systems whose locks forbid reading let others read who holds it. */
    private static final long LOCKED_BYTE = 1L << 62;

    /**
     * Directories that this JVM holds. Only the JVM itself can know: POSIX drops a process's locks on a file when any
     * of its handles on that file is closed, so a second attempt from within must not even open the file.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel channel;

    private DirectoryLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /**
     * Locks a directory that exists.
     *
     * @throws UnavailableException if another process holds it, saying which and since when
     */
    public static DirectoryLock acquire(Path dataDirectory, Clock clock) {
        try {
            Path directory = dataDirectory.toRealPath();
            Path file = directory.resolve(FILE);
            if (!HELD.add(directory)) {
                throw heldBy(directory, Files.readString(file));
            }
            try {
                return new DirectoryLock(directory, lock(directory, file, clock));
            } catch (IOException | RuntimeException e) {
                HELD.remove(directory);
                throw e;
            }
        } catch (IOException e) {
            throw new UnavailableException("The data directory " + dataDirectory + " cannot be locked: " + e, e);
        }
    }

    private static FileChannel lock(Path directory, Path file, Clock clock) throws IOException {
        try {
            PrivateFiles.file(file);
        } catch (FileAlreadyExistsException anotherWasQuicker) {
            // It is there, and that is what counts.
        }
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
            if (lock == null) {
                throw heldBy(directory, Files.readString(file));
            }
            String holder = "process " + ProcessHandle.current().pid() + " since "
                    + clock.instant().truncatedTo(ChronoUnit.SECONDS) + "\n";
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(holder.getBytes(StandardCharsets.UTF_8)), 0);
            return channel;
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw heldBy(directory, "another engine of this process");
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static UnavailableException heldBy(Path directory, String holder) {
        String who = holder.isBlank() ? "a process that is just starting" : holder.strip();
        return new UnavailableException("The data directory " + directory + " is in use by " + who
                + "; stop it, or give this one its own directory with akidb.data-dir");
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UnavailableException("The data directory " + directory + " cannot be released", e);
        } finally {
            HELD.remove(directory);
        }
    }
}
