package com.akidb.engine.embedded.write;

import com.akidb.error.OverloadedException;
import com.akidb.error.UnavailableException;
import com.akidb.memory.MemoryBudget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What waits for the writer, first come first served, bounded in number and in memory. Any thread adds and never waits,
 * so an event loop may; one thread takes.
 */
final class WriteQueue {

    /** Bounds of what shares a commit, so that no one waits long for the others. */
    private static final int MOST_IN_GROUP = 1_000;

    private static final long MOST_BYTES_IN_GROUP = 16L << 20;

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final int mostTasks;
    private final MemoryBudget memory;
    private final Queue<WriteTask> tasks = new ConcurrentLinkedQueue<>();

    /** Tasks that wait, and those that are just being added: the writer runs while it is not 0. */
    private final AtomicInteger depth = new AtomicInteger();

    private volatile boolean closed;

    /** When the writer last took what waited. */
    private volatile long taken = System.nanoTime();

    private volatile @Nullable Thread sleeper;

    WriteQueue(int mostTasks, long mostBytes) {
        this.mostTasks = mostTasks;
        this.memory = new MemoryBudget(mostBytes);
    }

    /**
     * Lines up.
     *
     * @throws OverloadedException at once if there is no room
     * @throws UnavailableException if the store is closing
     */
    void add(WriteTask task) {
        if (depth.incrementAndGet() > mostTasks || !memory.reserve(0, task.weight())) {
            depth.decrementAndGet();
            wake();
            throw new OverloadedException("Too many writes are waiting; try again later", RETRY_AFTER);
        }
        if (closed) {
            release(task);
            wake();
            throw new UnavailableException("The server is stopping and takes no more writes");
        }
        tasks.add(task);
        wake();
    }

    private void release(WriteTask task) {
        memory.release(task.weight());
        depth.decrementAndGet();
    }

    private void wake() {
        Thread waiting = sleeper;
        if (waiting != null) {
            LockSupport.unpark(waiting);
        }
    }

    /**
     * Waits for work and takes it: one change of structure or chore, or as many writes of rows as may share a commit.
     *
     * @return empty when the queue is closed and nothing waits any more
     */
    List<WriteTask> take() {
        taken = System.nanoTime();
        await();
        List<WriteTask> group = new ArrayList<>();
        long groupBytes = 0;
        WriteTask next = tasks.peek();
        while (next != null && fits(next, group, groupBytes)) {
            tasks.remove();
            release(next);
            group.add(next);
            groupBytes += next.weight();
            next = next instanceof WriteTask.Rows ? tasks.peek() : null;
        }
        return group;
    }

    private void await() {
        while (mustWait()) {
            // Said before looking again: who adds looks for a sleeper after adding, so one of the two sees the other.
            sleeper = Thread.currentThread();
            if (mustWait()) {
                LockSupport.park(this);
            }
            taken = System.nanoTime();
            sleeper = null;
        }
    }

    private boolean mustWait() {
        return tasks.isEmpty() && !(closed && depth.get() == 0);
    }

    private static boolean fits(WriteTask task, List<WriteTask> group, long groupBytes) {
        return group.isEmpty()
                || (task instanceof WriteTask.Rows
                        && group.size() < MOST_IN_GROUP
                        && groupBytes + task.weight() <= MOST_BYTES_IN_GROUP);
    }

    /** How long those have waited that wait while the writer is at work; zero if none waits. */
    Duration longestWait() {
        // A writer that sleeps is about to be woken.
        return tasks.isEmpty() || sleeper != null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - taken);
    }

    /** Whether nothing waits, and more may come. */
    boolean isIdle() {
        return depth.get() == 0 && !closed;
    }

    /** Whether it takes no more. */
    boolean isClosed() {
        return closed;
    }

    /** The writer is awake, though it takes nothing; it waits until there is something to take, at most this long. */
    void rest(long nanos) {
        if (nanos > 0 && mustWait()) {
            sleeper = Thread.currentThread();
            if (mustWait()) {
                LockSupport.parkNanos(this, nanos);
            }
            sleeper = null;
        }
        taken = System.nanoTime();
    }

    /** How many wait. */
    int depth() {
        return depth.get();
    }

    /** Takes no more; what waits is still handed out. */
    void close() {
        closed = true;
        wake();
    }
}
