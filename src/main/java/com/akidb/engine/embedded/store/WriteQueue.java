package com.akidb.engine.embedded.store;

import com.akidb.error.OverloadedException;
import com.akidb.error.UnavailableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What waits for the writer, first come first served, bounded in number and in memory. */
final class WriteQueue {

    /** Bounds of what shares a commit, so that no one waits long for the others. */
    private static final int MOST_IN_GROUP = 1_000;

    private static final long MOST_BYTES_IN_GROUP = 16L << 20;

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final int mostTasks;
    private final long mostBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<WriteTask> tasks = new ArrayDeque<>();
    private long bytes;
    private boolean closed;
    private volatile int depth;

    WriteQueue(int mostTasks, long mostBytes) {
        this.mostTasks = mostTasks;
        this.mostBytes = mostBytes;
    }

    /**
     * Lines up.
     *
     * @throws OverloadedException at once if there is no room
     * @throws UnavailableException if the store is closing
     */
    void add(WriteTask task) {
        lock.lock();
        try {
            if (closed) {
                throw new UnavailableException("The server is stopping and takes no more writes");
            }
            if (tasks.size() >= mostTasks || (bytes > 0 && bytes + task.weight() > mostBytes)) {
                throw new OverloadedException("Too many writes are waiting; try again later", RETRY_AFTER);
            }
            tasks.add(task);
            bytes += task.weight();
            depth = tasks.size();
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for work and takes it: one change of structure, or as many writes of rows as may share a commit.
     *
     * @return empty when the queue is closed and nothing waits any more
     */
    List<WriteTask> take() {
        lock.lock();
        try {
            while (tasks.isEmpty() && !closed) {
                changed.awaitUninterruptibly();
            }
            List<WriteTask> group = new ArrayList<>();
            long groupBytes = 0;
            WriteTask next = tasks.peek();
            while (next != null && fits(next, group, groupBytes)) {
                tasks.remove();
                group.add(next);
                groupBytes += next.weight();
                next = next instanceof WriteTask.Structure ? null : tasks.peek();
            }
            bytes -= groupBytes;
            depth = tasks.size();
            return group;
        } finally {
            lock.unlock();
        }
    }

    private static boolean fits(WriteTask task, List<WriteTask> group, long groupBytes) {
        return group.isEmpty()
                || (task instanceof WriteTask.Rows
                        && group.size() < MOST_IN_GROUP
                        && groupBytes + task.weight() <= MOST_BYTES_IN_GROUP);
    }

    /** How many wait. */
    int depth() {
        return depth;
    }

    /** Takes no more; what waits is still handed out. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }
}
