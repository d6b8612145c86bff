package com.akidb.embedding.mlx;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps MLX's memory level. An array that Python has let go of is freed only when Java's garbage collector has found its
 * wrapper, and the collector does not see how much hangs on it; so it is called when MLX's memory has grown. What it
 * cannot free is a leak. One for the process, since MLX counts for the process. Safe for many threads.
 */
final class MemoryKeeper {

    private final long collectAbove;
    private final long leakAbove;
    private final Runnable collector;
    private final AtomicLong active = new AtomicLong();
    private long afterLoading;
    private long nextCollection = Long.MAX_VALUE;
    private boolean collected;

    /**
     * Watches nothing yet.
     *
     * @param collectAbove growth in bytes above which garbage is collected
     * @param leakAbove growth in bytes that may be left after that
     */
    MemoryKeeper(long collectAbove, long leakAbove, Runnable collector) {
        this.collectAbove = collectAbove;
        this.leakAbove = leakAbove;
        this.collector = collector;
    }

    /** Bytes of MLX's arrays when they were last counted. */
    long active() {
        return active.get();
    }

    /** A model was loaded or freed: what there is now is what there must be. */
    synchronized void loaded(long bytes) {
        active.set(bytes);
        afterLoading = bytes;
        nextCollection = bytes + collectAbove;
        collected = false;
    }

    /**
     * Counts after a call, and collects garbage if it is time.
     *
     * @return whether memory leaks
     */
    synchronized boolean leaksAfterCall(long bytes) {
        active.set(bytes);
        if (bytes > 0 && bytes < afterLoading) {
            // Something that was there when the last model was loaded has been freed since.
            afterLoading = bytes;
            nextCollection = bytes + collectAbove;
        }
        if (collected) {
            collected = false;
            nextCollection = Math.max(afterLoading, bytes) + collectAbove;
            return bytes - afterLoading > leakAbove;
        }
        if (bytes > nextCollection) {
            collector.run();
            collected = true;
        }
        return false;
    }
}
