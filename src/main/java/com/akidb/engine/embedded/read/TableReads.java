package com.akidb.engine.embedded.read;

import com.akidb.engine.embedded.catalog.TableLayout;
import com.akidb.engine.embedded.file.Readers;
import com.akidb.engine.embedded.file.Statements;
import java.sql.SQLException;
import java.util.function.Function;

/** Reads of one table, each under one layout. */
public final class TableReads {

    private final Pinning table;
    private final Readers readers;

    TableReads(Pinning table, Readers readers) {
        this.table = table;
        this.readers = readers;
    }

    /** Pins versions of a table. */
    public interface Pinning {

        /**
         * Reads under the layout of a version; anew under another one if the store is ahead of it, which shows by a
         * NotFoundException.
         */
        <T> T pin(Function<TableLayout, T> reading);
    }

    /** Reads with a connection, under a layout. */
    interface Work<T> {
        T read(Statements statements, TableLayout layout) throws SQLException;
    }

    /** Reads with a connection that sees each statement's own latest commit. */
    <T> T read(Work<T> work) {
        return table.pin(layout -> readers.read(reader -> work.read(reader, layout)));
    }

    /** Reads with a connection that sees one commit from the first statement to the last. */
    <T> T readAsOfOneCommit(Work<T> work) {
        return table.pin(layout -> readAsOfOneCommit(layout, work));
    }

    /** As {@link #readAsOfOneCommit(Work)}, under a layout that the caller has pinned. */
    <T> T readAsOfOneCommit(TableLayout layout, Work<T> work) {
        return readers.readAsOfOneCommit(reader -> work.read(reader, layout));
    }
}
