package com.akidb.engine.embedded;

import com.akidb.error.UnavailableException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** How far a table's index has followed its commits. */
final class AppliedCommits {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition advanced = lock.newCondition();
    private volatile long version;

    AppliedCommits(long version) {
        this.version = version;
    }

    void advance(long to) {
        lock.lock();
        try {
            version = to;
            advanced.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The last commit that the index has taken in. */
    long version() {
        return version;
    }

    /** Returns when the commit is in the index. */
    void await(long commit) {
        lock.lock();
        try {
            long nanos = LONGEST_WAIT.toNanos();
            while (version < commit) {
                if (nanos <= 0) {
                    throw new UnavailableException("The index does not follow the commits");
                }
                nanos = advanced.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("Interrupted while waiting for a commit", e);
        } finally {
            lock.unlock();
        }
    }
}
