package com.akidb.engine;

import com.akidb.engine.Commit.TableChange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners of commits. Each has what it was not told yet, merged by tables and so bounded by their number, and
 * while there is any a thread that tells it: the writer only leaves a note and goes on. For engines, which need no other
 * way to keep {@link TableEngine#onCommit}.
 */
public final class CommitFeed {

    private static final Logger log = LoggerFactory.getLogger(CommitFeed.class);

    /** How long the end waits for a listener. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final List<Listening> all = new CopyOnWriteArrayList<>();

    /** Tells a listener of what is published from now on. */
    public CommitListener.Registration add(CommitListener listener) {
        Listening added = new Listening(listener);
        all.add(added);
        return added;
    }

    /** Leaves word of a commit; for one thread at a time, in the order of commits. */
    public void publish(Commit commit) {
        for (Listening listening : all) {
            listening.note(commit);
        }
    }

    /** Tells everybody what is left, which is waited for a while, and no more from then on. */
    public void close() {
        all.forEach(Listening::finish);
    }

    private final class Listening implements CommitListener.Registration {

        private final CommitListener listener;
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition idle = lock.newCondition();
        private final Map<UUID, TableChange> untold = new LinkedHashMap<>();
        private long version;
        private boolean closed;
        private @Nullable Thread teller;

        Listening(CommitListener listener) {
            this.listener = listener;
        }

        void note(Commit commit) {
            lock.lock();
            try {
                if (closed) {
                    return;
                }
                version = commit.version();
                commit.tables().forEach(change -> untold.merge(change.table(), change, TableChange::then));
                if (teller == null) {
                    teller = Thread.ofVirtual().name("akidb-commit-listener").start(this::tell);
                }
            } finally {
                lock.unlock();
            }
        }

        private void tell() {
            for (Commit commit = next(); commit != null; commit = next()) {
                try {
                    listener.committed(commit);
                } catch (RuntimeException | Error e) {
                    log.error("A listener failed at commit {}", commit.version(), e);
                }
            }
        }

        /** What is to be told; null if there is nothing, and then the thread ends. */
        private @Nullable Commit next() {
            lock.lock();
            try {
                if (closed || untold.isEmpty()) {
                    teller = null;
                    idle.signalAll();
                    return null;
                }
                Commit commit = new Commit(version, new ArrayList<>(untold.values()));
                untold.clear();
                return commit;
            } finally {
                lock.unlock();
            }
        }

        void finish() {
            lock.lock();
            try {
                long left = PATIENCE.toNanos();
                while (teller != null && left > 0) {
                    left = idle.awaitNanos(left);
                }
                closed = true;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            all.remove(this);
            lock.lock();
            try {
                closed = true;
                while (teller != null && teller != Thread.currentThread()) {
                    idle.awaitUninterruptibly();
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
