package com.akidb.model.hub;

import com.akidb.error.CorruptDataException;
import com.akidb.error.ErrorCode;
import com.akidb.error.UnavailableException;
import com.akidb.file.AtomicFiles;
import com.akidb.model.Downloads;
import com.akidb.model.HubSettings;
import com.akidb.model.files.DiskFull;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings files of the hub to this disk. A file grows under a temporary name that carries its checksum, so that a later
 * attempt, also of another process, goes on where this one was cut; it gets its name when size and checksum are right.
 */
public final class HubDownload implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HubDownload.class);
    private static final int TRIES_OF_CONTENT = 2;

    private final HubSettings settings;
    private final Downloads downloads;
    private final HubClient client;
    private final Retry retry;

    /** @param downloads is told how far each file is */
    public HubDownload(HubSettings settings, Downloads downloads) {
        this(settings, downloads, HubDownload::pause);
    }

    HubDownload(HubSettings settings, Downloads downloads, Retry.Pause pause) {
        this.settings = settings;
        this.downloads = downloads;
        this.client = new HubClient(settings);
        this.retry = new Retry(settings, pause);
    }

    /**
     * Downloads a file that the repository may lack.
     *
     * @param target where it goes; replaced if it is there
     * @return the file at the commit it came from, or nothing if there is none
     * @throws UnavailableException if the hub, the network or the disk do not give what is needed
     * @throws CorruptDataException if the content does not have the checksum that the hub states
     */
    public Optional<HubFile> fetchIfThere(HubFile file, Path target) {
        try {
            return Optional.of(download(file, target));
        } catch (HubStatusException e) {
            if (e.saysThatThereIsNoSuchFile()) {
                return Optional.empty();
            }
            throw refused(file, e);
        }
    }

    /**
     * Downloads a file.
     *
     * @param target where it goes; replaced if it is there
     * @return the file at the commit it came from
     * @throws UnavailableException if the hub, the network or the disk do not give what is needed
     * @throws CorruptDataException if the content does not have the checksum that the hub states
     */
    public HubFile fetch(HubFile file, Path target) {
        try {
            return download(file, target);
        } catch (HubStatusException e) {
            throw refused(file, e);
        }
    }

    private HubFile download(HubFile file, Path target) throws HubStatusException {
        try {
            RemoteFile remote = retry.run(file.path(), progress -> client.describe(file));
            LOG.info("Downloading {} of {} ({} bytes)", file.path(), file.repository(), remote.size());
            Path part = AtomicFiles.directoryOf(target)
                    .resolve(target.getFileName() + "." + remote.checksum().asFileName() + ".part");
            for (int tries = 1; tries <= TRIES_OF_CONTENT; tries++) {
                grow(file, remote, part);
                if ((remote.size() < 0 || Files.size(part) == remote.size())
                        && remote.checksum().matches(part)) {
                    AtomicFiles.publish(part, target);
                    return remote.file();
                }
                LOG.warn("{} of {} came damaged and is deleted", file.path(), file.repository());
                Files.delete(part);
            }
            throw new CorruptDataException("File " + file.path() + " of repository " + file.repository()
                    + " does not have the checksum that the hub states; it was downloaded twice and deleted");
        } catch (HubStatusException e) {
            throw e;
        } catch (StorageException e) {
            throw new UnavailableException(
                    ErrorCode.STORAGE_FULL,
                    "No room on the disk for " + file.path() + " of repository " + file.repository() + ": "
                            + e.getMessage(),
                    e);
        } catch (IOException e) {
            throw unreachable(file, e);
        }
    }

    private void grow(HubFile file, RemoteFile remote, Path part) throws IOException {
        long[] furthest = {0};
        try (Downloads.Part download = downloads.begin(remote.size())) {
            retry.run(
                    file.path(),
                    progress -> grow(remote, part, bytes -> {
                        download.at(bytes);
                        // A server that starts again from the first byte each time achieves nothing by that.
                        if (bytes > furthest[0]) {
                            furthest[0] = bytes;
                            progress.run();
                        }
                    }));
        }
    }

    private UnavailableException refused(HubFile file, HubStatusException status) {
        return status.isPassing() ? unreachable(file, status) : new UnavailableException(status.explain(file), status);
    }

    private UnavailableException unreachable(HubFile file, IOException cause) {
        String reason = cause.getMessage() == null ? "it cannot be reached" : cause.getMessage();
        return new UnavailableException(
                "The hub at " + settings.endpoint().getHost() + " does not deliver " + file.path() + " of repository "
                        + file.repository() + ": " + reason + " (" + settings.attempts() + " attempts)",
                cause);
    }

    /** Fetches what is missing at the end of a part. */
    private Path grow(RemoteFile remote, Path part, LongConsumer reached) throws IOException {
        long have = Files.exists(part) ? Files.size(part) : 0;
        if (remote.size() >= 0 && have > remote.size()) {
            Files.delete(part);
            have = 0;
        }
        if (have > 0 && have == remote.size()) {
            return part;
        }
        requireRoom(part, remote.size() - have);
        try (HubClient.Content content = client.open(remote.file(), have);
                FileChannel out = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            out.truncate(content.from());
            out.position(content.from());
            Progress progress = new Progress(remote, System::nanoTime);
            for (List<ByteBuffer> piece = content.body().next();
                    !piece.isEmpty();
                    piece = content.body().next()) {
                write(out, piece, part);
                reached.accept(out.position());
                progress.at(out.position());
            }
        }
        if (remote.size() >= 0 && Files.size(part) < remote.size()) {
            throw new IOException("the connection ended before the file did");
        }
        return part;
    }

    private static void write(FileChannel out, List<ByteBuffer> piece, Path part) throws IOException {
        try {
            for (ByteBuffer buffer : piece) {
                while (buffer.hasRemaining()) {
                    out.write(buffer);
                }
            }
        } catch (IOException e) {
            out.close();
            Files.deleteIfExists(part);
            throw new StorageException(DiskFull.caused(e) ? "the disk is full" : "it cannot be written", e);
        }
    }

    private static void requireRoom(Path part, long missing) throws IOException {
        long usable = Files.getFileStore(AtomicFiles.directoryOf(part)).getUsableSpace();
        if (missing > usable) {
            Files.deleteIfExists(part);
            String reason = missing + " bytes are missing and " + usable + " are free";
            throw new StorageException(reason, new IOException(reason));
        }
    }

    private static void pause(Duration time) throws IOException {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new IOException("interrupted");
            }
            LockSupport.parkNanos(left);
        }
    }

    @Override
    public void close() {
        client.close();
    }

    /** Says every few seconds how far a download is. */
    private static final class Progress {

        private static final long INTERVAL = Duration.ofSeconds(5).toNanos();
        private static final long MEGABYTE = 1 << 20;

        private final RemoteFile file;
        private final LongSupplier ticker;
        private long next;

        /**
         * Begins now.
         *
         * @param ticker nanoseconds, as {@link System#nanoTime} counts them
         */
        Progress(RemoteFile file, LongSupplier ticker) {
            this.file = file;
            this.ticker = ticker;
            this.next = ticker.getAsLong() + INTERVAL;
        }

        /** Notes that so many bytes of the file are here. */
        void at(long bytes) {
            if (ticker.getAsLong() - next < 0) {
                return;
            }
            next = ticker.getAsLong() + INTERVAL;
            String part = file.size() > 0
                    ? bytes * 100 / file.size() + " % of " + file.size() / MEGABYTE + " MB"
                    : bytes / MEGABYTE + " MB";
            LOG.info("Downloading {} of {}: {}", file.file().path(), file.file().repository(), part);
        }
    }

    /** The disk does not take what is downloaded. */
    static final class StorageException extends IOException {

        private static final long serialVersionUID = 1L;

        StorageException(String message, IOException cause) {
            super(message, cause);
        }
    }
}
