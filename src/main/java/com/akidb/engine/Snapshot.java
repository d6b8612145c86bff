package com.akidb.engine;

import java.util.List;

/**
 * Several tables and notes as of one commit, for the thread that was given it and until its reading returns; see
 * {@link TableEngine#snapshot}. Tables are those that the snapshot was asked for.
 */
public interface Snapshot {

    /** Sequence number of the commit. */
    long version();

    /** The place behind all that has happened to a table. */
    Changes.Place now(Table table);

    /** As {@link TableReader#changes}. */
    Changes changes(Table table, Changes.Place after, int limit, boolean includeVectors);

    /** As {@link TableReader#query}. */
    QueryPage query(Table table, RowQuery query);

    /** The notes of a space in the order of their keys, at most 10,000. */
    List<Note.Stored> notes(String space);
}
