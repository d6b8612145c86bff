package com.akidb.table;

import com.akidb.text.Names;
import java.util.List;

/**
 * Tables and their columns. All methods but {@link #describe} and {@link #list} write to the disk and so do not belong on
 * an event loop. Names are those of {@link Names}. Collections are described like tables but not changed here. Failures are
 * {@link com.akidb.error.AkidbException}s.
 */
public interface TableService {

    /**
     * Creates a table.
     *
     * @throws com.akidb.error.ConflictException if a table or collection has the name
     */
    TableDescription create(NewTable table);

    /** All tables, collections included, in the order of their creation. Touches no disk. */
    List<TableDescription> list();

    /** One table or collection; NotFound if there is none. Touches no disk. */
    TableDescription describe(String table);

    /** Drops a table and its rows; NotFound if there is none. */
    void drop(String table);

    /** Gives a table another name; Conflict if it is taken. */
    TableDescription rename(String table, String newName);

    /** Adds a column at the end; rows that are there take its default. */
    TableDescription addColumn(String table, NewColumn column);

    /** Drops a column with its values. The primary key stays, and so does what another column is computed from. */
    TableDescription dropColumn(String table, String column);

    /** Gives a column another name. */
    TableDescription renameColumn(String table, String column, String newName);
}
