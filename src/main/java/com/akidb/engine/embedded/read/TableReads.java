package com.akidb.engine.embedded.read;

import com.akidb.engine.embedded.catalog.TableLayout;
import com.akidb.engine.embedded.catalog.TableRecord;
import com.akidb.engine.embedded.file.Readers;
import com.akidb.engine.embedded.file.Statements;
import com.akidb.error.NotFoundException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Reads of one table, each under one layout; one that misses a column which an alteration took away begins anew. */
final class TableReads {

    /** From a commit until the layout that it brought is known passes no more than this. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private static final long PAUSE_NANOS = 100_000;

    private final TableRecord table;
    private final Readers readers;

    TableReads(TableRecord table, Readers readers) {
        this.table = table;
        this.readers = readers;
    }

    TableRecord table() {
        return table;
    }

    /** Reads with a connection, under a layout. */
    interface Work<T> {
        T read(Statements statements, TableLayout layout) throws SQLException;
    }

    /** Reads with a connection that sees each statement's own latest commit. */
    <T> T read(Work<T> work) {
        return retrying(layout -> readers.read(reader -> work.read(reader, layout)));
    }

    /** Reads with a connection that sees one commit from the first statement to the last. */
    <T> T readAsOfOneCommit(Work<T> work) {
        return retrying(layout -> readers.readAsOfOneCommit(reader -> work.read(reader, layout)));
    }

    private interface UnderLayout<T> {
        T read(TableLayout layout);
    }

    private <T> T retrying(UnderLayout<T> work) {
        while (true) {
            TableLayout layout = table.layout();
            try {
                return work.read(layout);
            } catch (NotFoundException e) {
                if (!hasOtherLayout(layout)) {
                    throw e;
                }
            }
        }
    }

    private boolean hasOtherLayout(TableLayout layout) {
        long end = System.nanoTime() + LONGEST_WAIT.toNanos();
        while (table.layout() == layout && !table.isDropped() && System.nanoTime() < end) {
            LockSupport.parkNanos(this, PAUSE_NANOS);
        }
        return table.layout() != layout;
    }
}
