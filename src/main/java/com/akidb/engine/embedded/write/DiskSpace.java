package com.akidb.engine.embedded.write;

import com.akidb.engine.embedded.file.Database;
import com.akidb.engine.embedded.file.Reserve;
import com.akidb.engine.embedded.file.Statements;
import com.akidb.error.ConflictException;
import com.akidb.error.ErrorCode;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the database small on the disk. Pages that deletions left free go back to the file system, some at a time between
 * writes; the log is written back by force when readers have kept it from being begun anew; and some room is held in
 * reserve, with which rows can be deleted when the disk is full. For the writer's thread, but for the figures.
 */
final class DiskSpace {

    private static final Logger log = LoggerFactory.getLogger(DiskSpace.class);

    /** Pages that are given back at once; some milliseconds of work. */
    private static final int STEP_PAGES = 64;

    /** So many free pages are kept for what is written next, or this part of all pages if that is more. */
    private static final int LEAST_SLACK_PAGES = 128;

    private static final int SLACK_PART = 8;

    /** While writes wait, a step is followed by so many times its length without one. */
    static final int REST = 4;

    /** How long a checkpoint waits for readers that hold it up, and how seldom it does. */
    private static final int CHECKPOINT_WAIT_MILLIS = 50;

    private static final long BETWEEN_CHECKPOINTS_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How seldom the free pages are counted; commits can be many in that time. */
    private static final long BETWEEN_COUNTS_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** After a failure it is tried again in a second, and each time that fails as well after twice as long. */
    private static final long AFTER_FAILURE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** The reserve is for databases that are larger than eight times this. */
    private static final long LEAST_RESERVE_BYTES = 1 << 18;

    private final Statements statements;
    private final Database database;
    private final long walLimit;
    private final Reserve reserve;
    private final boolean canShrink;

    private volatile long freeBytes;
    private boolean toCount;
    private boolean givingBack;
    private boolean checkpointDue;
    private boolean logIsLong;
    private boolean released;
    private long nextStep = System.nanoTime();
    private long nextCount = nextStep;
    private long nextCheckpoint = nextStep;
    private long nextReserve = nextStep;
    private long pause = AFTER_FAILURE_NANOS;

    /**
     * @param statements of the connection that writes
     * @param walLimit size of the log, in bytes, that it does not exceed for long
     */
    DiskSpace(Statements statements, Database database, long walLimit) throws SQLException {
        this.statements = statements;
        this.database = database;
        this.walLimit = walLimit;
        this.reserve = new Reserve(database.directory());
        this.canShrink = Database.number(statements.connection(), "PRAGMA auto_vacuum") == Database.INCREMENTAL;
        measure();
    }

    /** Bytes of pages in the database that hold nothing; for any thread. */
    long freeBytes() {
        return freeBytes;
    }

    /** Has the free pages counted when there is time: whoever waits for a commit does not wait for that. */
    void committed() {
        toCount = true;
    }

    private void measure() throws SQLException {
        toCount = false;
        nextCount = System.nanoTime() + BETWEEN_COUNTS_NANOS;
        long free = number("PRAGMA freelist_count");
        freeBytes = free * Database.PAGE_BYTES;
        long slack = Math.max(LEAST_SLACK_PAGES, number("PRAGMA page_count") / SLACK_PART);
        // Begins late and ends early, so that who deletes and inserts by turns does not move pages all the time.
        givingBack = canShrink && (givingBack ? free > slack / 2 : free > slack);
    }

    /**
     * Does a small part of the pending work, unless writes wait and the last time was too recent.
     *
     * @return whether it did something, so that there may be more
     */
    boolean tidy(boolean idle) {
        long begun = System.nanoTime();
        if (!idle && begun < nextStep) {
            return false;
        }
        try {
            boolean did = step(begun);
            nextStep = System.nanoTime() + REST * (System.nanoTime() - begun);
            return did;
        } catch (SQLException e) {
            statements.afterFailure();
            if (pause == AFTER_FAILURE_NANOS) {
                log.warn("The database could not be made smaller; this is tried again", e);
            }
            givingBack = false;
            toCount = true;
            nextStep = begun + pause;
            nextCount = nextStep;
            nextCheckpoint = nextStep;
            pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
            return false;
        }
    }

    /** After how long there may be something to do that could not be done yet, in nanoseconds; 0 if there is nothing. */
    long isDueIn() {
        long now = System.nanoTime();
        if (givingBack || checkpointDue || logIsLong) {
            return Math.max(1, (toCount ? Math.min(nextCount, nextCheckpoint) : nextCheckpoint) - now);
        }
        return toCount ? Math.max(1, nextCount - now) : 0;
    }

    private boolean step(long now) throws SQLException {
        if (toCount && now >= nextCount) {
            measure();
        }
        if (givingBack) {
            giveBack(STEP_PAGES);
            pause = AFTER_FAILURE_NANOS;
            checkpointDue = true;
            return true;
        }
        long wal = database.walBytes();
        logIsLong = wal > 2 * walLimit;
        if ((checkpointDue || logIsLong) && now >= nextCheckpoint) {
            checkpointDue = !checkpoint();
            nextCheckpoint = System.nanoTime() + BETWEEN_CHECKPOINTS_NANOS;
            return true;
        }
        return now >= nextReserve && fillReserve(now, wal);
    }

    /** Moves pages from the end of the file to where free ones are, and cuts them off at the next checkpoint. */
    private void giveBack(int pages) throws SQLException {
        // An update runs to its end, where a query would stop after each page.
        try (Statement statement = statements.connection().createStatement()) {
            statement.executeUpdate("PRAGMA incremental_vacuum(" + pages + ")");
        }
        measure();
    }

    /**
     * Gives some pages that hold nothing back, also of those that are kept for what is written next.
     *
     * @return bytes of pages that still hold nothing
     * @throws ConflictException if the database was made so that it cannot
     */
    long compactStep() throws SQLException {
        if (!canShrink) {
            throw new ConflictException(
                    ErrorCode.CONFLICT,
                    "The database was made by a version that could not give room back while it runs; stop the server"
                            + " and run 'akidb compact' once");
        }
        giveBack(STEP_PAGES);
        return freeBytes;
    }

    /** Cuts off at the end of the file what was given back, at once or as soon as readers let it; whether at once. */
    boolean cutLog() throws SQLException {
        checkpointDue = !checkpoint();
        return !checkpointDue;
    }

    /** Writes the log back and empties it; whether all readers let it. */
    private boolean checkpoint() throws SQLException {
        Database.execute(statements.connection(), "PRAGMA busy_timeout=" + CHECKPOINT_WAIT_MILLIS);
        try {
            return number("PRAGMA wal_checkpoint(TRUNCATE)") == 0;
        } finally {
            Database.execute(statements.connection(), "PRAGMA busy_timeout=" + Database.BUSY_MILLIS);
        }
    }

    /** The log can be written back with what the reserve holds, and then there is the room that the log had. */
    private boolean fillReserve(long now, long wal) {
        long needed = Math.max(wal, database.bytes() / SLACK_PART);
        long wanted = Math.min(walLimit, Long.highestOneBit(Math.max(1, 2 * needed - 1)));
        if (needed < LEAST_RESERVE_BYTES || reserve.bytes() >= wanted) {
            return false;
        }
        try {
            reserve.grow(wanted);
        } catch (IOException e) {
            log.debug("There is no room for the reserve", e);
        }
        nextReserve = now + (reserve.bytes() >= wanted ? 0 : LONGEST_PAUSE_NANOS);
        return reserve.bytes() >= wanted;
    }

    /** Makes room on a full disk for a change that makes more; whether it could. {@link #recover} follows. */
    boolean release() {
        long room = reserve.bytes();
        try {
            if (released || !reserve.release()) {
                return false;
            }
            released = true;
            log.info("The disk is full; the reserve was given up so that something can be deleted");
            // Only if all of the log fits: else it would use up the room, and stay as long as it is.
            if (database.walBytes() <= room) {
                checkpoint();
            }
        } catch (IOException e) {
            log.warn("The reserve could not be given up", e);
        } catch (SQLException e) {
            statements.afterFailure();
            log.warn("The log could not be written back to where the reserve was", e);
        }
        return released;
    }

    /** After a change that needed the reserve: gives back all that is free, and takes the reserve again if it fits. */
    void recover() {
        released = false;
        try {
            measure();
            for (long left = freeBytes + 1; canShrink && freeBytes > 0 && freeBytes < left; ) {
                left = freeBytes;
                giveBack(STEP_PAGES);
            }
            checkpointDue = !checkpoint();
            // Until readers let it, there is no room; the writer tries again when it has nothing else to do.
            if (checkpointDue) {
                return;
            }
        } catch (SQLException e) {
            statements.afterFailure();
            log.warn("What was deleted on a full disk has not made room yet", e);
        }
        fillReserve(System.nanoTime(), database.walBytes());
    }

    private long number(String sql) throws SQLException {
        try (ResultSet result = statements.get(sql).executeQuery()) {
            return result.next() ? result.getLong(1) : 0;
        }
    }
}
