package com.akidb.engine.embedded.file;

import com.akidb.concurrent.NativeThreads;
import com.akidb.concurrent.Patience;
import com.akidb.engine.embedded.sql.Watch;
import com.akidb.engine.embedded.sql.WatchedConnection;
import com.akidb.error.DeadlineExceededException;
import com.akidb.error.OverloadedException;
import com.akidb.error.UnavailableException;
import com.akidb.memory.RequestMemory;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A few connections for reading. The one used last is used next, since its pages are in memory. A statement ends when the
 * {@link Patience} of its caller is over. What comes on a virtual thread is read on a platform thread.
 */
public final class Readers implements AutoCloseable {

    /** How long closing waits for a read before it ends it. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    /** How soon a read that waits for a connection ends after its caller has given up. */
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    private static final Duration BETWEEN_INTERRUPTS = Duration.ofMillis(50);

    private final StorageFailures failures;
    private final Duration patience;
    private final NativeThreads threads;
    private final List<Reader> open = new ArrayList<>();

    /** Never empty while there is a place. */
    private final Deque<Reader> idle = new ConcurrentLinkedDeque<>();

    /** One for each connection that is idle; whoever finds one waits for no lock, and so for no other thread's turn. */
    private final Semaphore places;

    private final Deque<Waiter> waiters = new ConcurrentLinkedDeque<>();

    private volatile boolean closed;

    /** A read that waits for a connection; each is itself alone, and so no record. */
    private static final class Waiter {
        private final long since;

        Waiter(long since) {
            this.since = since;
        }
    }

    private record Reader(Statements statements, Watch watch) {}

    /**
     * Opens connections.
     *
     * @param name of the threads that read for virtual threads
     * @param count connections
     * @param queue most virtual threads that wait for one
     * @param patience how long closing waits for a read before it ends it
     */
    public Readers(String name, Database database, int count, int queue, Duration patience, StorageFailures failures)
            throws SQLException {
        this.threads = new NativeThreads(name, count, queue);
        this.patience = patience;
        this.failures = failures;
        this.places = new Semaphore(count);
        for (int i = 0; i < count; i++) {
            WatchedConnection connection = database.openReader();
            Reader reader = new Reader(new Statements(connection.connection()), connection.watch());
            open.add(reader);
            idle.add(reader);
        }
    }

    /** Reads with a connection. */
    public interface Work<T> {
        T read(Statements statements) throws SQLException;
    }

    /**
     * Reads with a connection that sees each statement's own latest commit.
     *
     * @throws DeadlineExceededException if the caller's patience is over before it is done
     * @throws OverloadedException if too many reads wait
     */
    public <T> T read(Work<T> work) {
        return read((statements, watch) -> work.read(statements));
    }

    /** Reads with a connection that sees one commit from the first statement to the last; fails as {@link #read(Work)}. */
    public <T> T readAsOfOneCommit(Work<T> work) {
        return read((statements, watch) -> {
            statements.run("BEGIN");
            try {
                T result = work.read(statements);
                statements.run("COMMIT");
                return result;
            } catch (SQLException | RuntimeException | Error e) {
                boolean late = watch.isOver();
                watch.end();
                statements.afterFailure();
                statements.run("ROLLBACK");
                if (late) {
                    throw late();
                }
                throw e;
            }
        });
    }

    private interface WatchedWork<T> {
        T read(Statements statements, Watch watch) throws SQLException;
    }

    private <T> T read(WatchedWork<T> work) {
        BooleanSupplier isOver = Patience.isOver();
        if (!Thread.currentThread().isVirtual()) {
            return readHere(work, isOver);
        }
        try {
            return threads.call(RequestMemory.carried(() -> readHere(work, isOver)));
        } catch (RejectedExecutionException e) {
            throw closed ? closing() : overloaded();
        }
    }

    private <T> T readHere(WatchedWork<T> work, BooleanSupplier isOver) {
        if (isOver.getAsBoolean()) {
            throw late();
        }
        Reader reader = take(isOver);
        reader.watch.begin(isOver);
        try {
            return work.read(reader.statements, reader.watch);
        } catch (SQLException e) {
            reader.statements.afterFailure();
            if (closed) {
                throw closing();
            }
            throw reader.watch.isOver() ? late() : failures.translate(e);
        } finally {
            reader.watch.end();
            idle.addFirst(reader);
            places.release();
        }
    }

    /** How long the read has waited that waits longest; zero if all have begun. */
    public Duration longestWait() {
        Waiter eldest = waiters.peekFirst();
        Duration here = eldest == null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - eldest.since);
        Duration there = threads.longestWait();
        return here.compareTo(there) > 0 ? here : there;
    }

    private Reader take(BooleanSupplier isOver) {
        if (closed) {
            throw closing();
        }
        if (!places.tryAcquire()) {
            await(isOver);
        }
        return idle.removeFirst();
    }

    /** Waits for a place. */
    private void await(BooleanSupplier isOver) {
        Waiter waiter = new Waiter(System.nanoTime());
        waiters.addLast(waiter);
        try {
            while (!places.tryAcquire(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS)) {
                if (closed) {
                    throw closing();
                }
                if (isOver.getAsBoolean()) {
                    throw late();
                }
                if (System.nanoTime() - waiter.since > LONGEST_WAIT.toNanos()) {
                    throw overloaded();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("Interrupted while waiting to read", e);
        } finally {
            waiters.remove(waiter);
        }
    }

    private static OverloadedException overloaded() {
        return new OverloadedException("Too many reads at once", Duration.ofSeconds(1));
    }

    private static DeadlineExceededException late() {
        return new DeadlineExceededException(
                "The read was cancelled: its time is up, or its client has gone; X-Request-Timeout or a gRPC deadline"
                        + " gives it more");
    }

    private static UnavailableException closing() {
        return new UnavailableException("The server is stopping");
    }

    /** Waits a while for the reads that go on, ends those that take longer, and closes. */
    @Override
    public void close() throws SQLException {
        closed = true;
        threads.stop();
        long end = System.nanoTime() + patience.toNanos();
        while (!open.isEmpty()) {
            Reader reader = await(end);
            open.remove(reader);
            reader.statements.close();
        }
    }

    /** A connection that is no longer read from. */
    private Reader await(long end) throws SQLException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    if (places.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                        return idle.removeFirst();
                    }
                    // Again and again, for a read may be between two of its statements.
                    for (Reader busy : open) {
                        busy.statements.interrupt();
                    }
                    end = System.nanoTime() + BETWEEN_INTERRUPTS.toNanos();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
