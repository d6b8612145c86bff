package com.akidb.model.hub;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says every few seconds how far a download is. */
final class Progress {

    private static final Logger LOG = LoggerFactory.getLogger(Progress.class);
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
