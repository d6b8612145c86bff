package com.akidb.engine.embedded.file;

import com.akidb.error.OverloadedException;
import com.akidb.error.UnavailableException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A few connections for reading. The one used last is used next, since its pages are in memory. */
public final class Readers implements AutoCloseable {

    /** How long closing waits for a read before it ends it. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    private static final Duration BETWEEN_INTERRUPTS = Duration.ofMillis(50);

    private final StorageFailures failures;
    private final Duration patience;
    private final List<Statements> open = new ArrayList<>();

    /** Never empty while there is a place. */
    private final Deque<Statements> idle = new ConcurrentLinkedDeque<>();

    /** One for each connection that is idle; whoever finds one waits for no lock, and so for no other thread's turn. */
    private final Semaphore places;

    private volatile boolean closed;

    public Readers(Database database, int count, Duration patience, StorageFailures failures) throws SQLException {
        this.patience = patience;
        this.failures = failures;
        this.places = new Semaphore(count);
        for (int i = 0; i < count; i++) {
            Statements reader = new Statements(database.openReader());
            open.add(reader);
            idle.add(reader);
        }
    }

    /** Reads with a connection. */
    public interface Work<T> {
        T read(Statements statements) throws SQLException;
    }

    /** Reads with a connection that sees each statement's own latest commit. */
    public <T> T read(Work<T> work) {
        Statements reader = take();
        try {
            return work.read(reader);
        } catch (SQLException e) {
            reader.afterFailure();
            throw closed ? closing() : failures.translate(e);
        } finally {
            idle.addFirst(reader);
            places.release();
        }
    }

    /** Reads with a connection that sees one commit from the first statement to the last. */
    public <T> T readAsOfOneCommit(Work<T> work) {
        return read(reader -> {
            reader.run("BEGIN");
            try {
                T result = work.read(reader);
                reader.run("COMMIT");
                return result;
            } catch (SQLException | RuntimeException | Error e) {
                reader.afterFailure();
                reader.run("ROLLBACK");
                throw e;
            }
        });
    }

    private Statements take() {
        if (closed) {
            throw closing();
        }
        try {
            if (!places.tryAcquire() && !places.tryAcquire(LONGEST_WAIT.toSeconds(), TimeUnit.SECONDS)) {
                throw closed ? closing() : new OverloadedException("Too many reads at once", Duration.ofSeconds(1));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("Interrupted while waiting to read", e);
        }
        return idle.removeFirst();
    }

    private static UnavailableException closing() {
        return new UnavailableException("The server is stopping");
    }

    /** Waits a while for the reads that go on, ends those that take longer, and closes. */
    @Override
    public void close() throws SQLException {
        closed = true;
        long end = System.nanoTime() + patience.toNanos();
        while (!open.isEmpty()) {
            Statements reader = await(end);
            open.remove(reader);
            reader.close();
        }
    }

    /** A connection that nobody reads with any more. */
    private Statements await(long end) throws SQLException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    if (places.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                        return idle.removeFirst();
                    }
                    // Again and again, for a read may be between two of its statements.
                    for (Statements busy : open) {
                        busy.interrupt();
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
