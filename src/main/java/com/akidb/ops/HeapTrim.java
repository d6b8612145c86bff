package com.akidb.ops;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Gives memory back. The serial collector lets what caches have thrown out lie until the heap's maximum is reached, and
 * keeps what a bulk load made it take; so the process would grow for hours, and stay so. This looks now and then, and
 * has the heap collected and shrunk when much of it is probably garbage and nothing else is going on: a full collection
 * stops everything for some tenths of a second. Other collectors see to that by themselves, and then this does nothing.
 */
final class HeapTrim implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(HeapTrim.class);

    private static final String SERIAL_OLD_GENERATION = "Tenured Gen";
    private static final long SLACK_BYTES = 32L << 20;

    /** A time in which the process takes less of one core than a tenth is quiet. */
    private static final Duration QUIET = Duration.ofMillis(100);

    private static final int QUIET_SHARE = 10;

    /** How often a quiet time is waited for at one look. */
    private static final int TRIES = 20;

    private final Duration interval;
    private final LongSupplier cpuNanos;
    private final MemoryMXBean heap = ManagementFactory.getMemoryMXBean();
    private final Optional<MemoryPoolMXBean> oldGeneration = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP && pool.getName().equals(SERIAL_OLD_GENERATION))
            .findFirst();
    private long committedAfterTrim = heap.getHeapMemoryUsage().getCommitted();
    private volatile @Nullable ScheduledThreadPoolExecutor timer;

    /**
     * @param interval between two looks; zero for none
     */
    HeapTrim(Duration interval) {
        this(interval, ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)::getProcessCpuTime);
    }

    /** @param cpuNanos CPU time of this process in nanoseconds */
    HeapTrim(Duration interval, LongSupplier cpuNanos) {
        this.interval = interval;
        this.cpuNanos = cpuNanos;
    }

    @Override
    public void start() {
        if (interval.isPositive() && oldGeneration.isPresent()) {
            ScheduledThreadPoolExecutor looks = new ScheduledThreadPoolExecutor(
                    1, task -> Thread.ofPlatform().name("heap-trim").daemon().unstarted(task));
            timer = looks;
            looks.scheduleWithFixedDelay(
                    this::trimIfWorthIt, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void trimIfWorthIt() {
        oldGeneration.filter(this::isWorthIt).ifPresent(old -> {
            if (awaitQuiet()) {
                long before = heap.getHeapMemoryUsage().getCommitted();
                System.gc();
                committedAfterTrim = heap.getHeapMemoryUsage().getCommitted();
                log.debug("Trimmed the heap from {} to {} bytes", before, committedAfterTrim);
            }
        });
    }

    private boolean isWorthIt(MemoryPoolMXBean old) {
        // Usage when the last full collection ended; what came since is mostly what caches no longer hold.
        long live = old.getCollectionUsage().getUsed();
        return isWorthIt(
                live, old.getUsage().getUsed(), heap.getHeapMemoryUsage().getCommitted(), committedAfterTrim);
    }

    /** Waits some seconds for a quiet time; false if none comes, since then the collector has work enough. */
    boolean awaitQuiet() {
        for (int i = 0; i < TRIES; i++) {
            long begun = cpuNanos.getAsLong();
            try {
                Thread.sleep(QUIET);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return false;
            }
            if (cpuNanos.getAsLong() - begun < QUIET.toNanos() / QUIET_SHARE) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a collection would probably give much back.
     *
     * @param live bytes in the old generation after its last collection
     * @param used bytes in it now
     * @param committed bytes that the heap holds
     * @param committedBefore bytes that the heap held after the last trim
     */
    static boolean isWorthIt(long live, long used, long committed, long committedBefore) {
        return used > live + Math.max(SLACK_BYTES, live / 2)
                || committed > committedBefore + Math.max(2 * SLACK_BYTES, committedBefore / 2);
    }

    @Override
    public void stop() {
        ScheduledThreadPoolExecutor looks = timer;
        timer = null;
        if (looks != null) {
            looks.shutdownNow();
        }
    }

    /** False until it is started, or Spring would not start it. */
    @Override
    public boolean isRunning() {
        return timer != null;
    }
}
