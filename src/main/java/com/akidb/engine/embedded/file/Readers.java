package com.akidb.engine.embedded.file;

import com.akidb.error.OverloadedException;
import com.akidb.error.UnavailableException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
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
    private final BlockingDeque<Statements> idle = new LinkedBlockingDeque<>();
    private volatile boolean closed;

    public Readers(Database database, int count, Duration patience, StorageFailures failures) throws SQLException {
        this.patience = patience;
        this.failures = failures;
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
        Statements reader = idle.pollFirst();
        if (reader != null) {
            return reader;
        }
        try {
            reader = idle.pollFirst(LONGEST_WAIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("Interrupted while waiting to read", e);
        }
        if (reader == null) {
            throw closed ? closing() : new OverloadedException("Too many reads at once", Duration.ofSeconds(1));
        }
        return reader;
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
                    Statements reader = idle.pollFirst(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                    if (reader != null) {
                        return reader;
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
