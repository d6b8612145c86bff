package com.akidb.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happened to a table's rows after a commit. */
public sealed interface Changes {

    /**
     * Where to go on; later calls with it tell what happened since. Callers keep it and look at no more than the version.
     *
     * @param version a commit, 0 for before the first
     * @param rowId changes of that commit up to this row are known, too
     * @param newest a row up to which the engine need not look for new ones; 0 if it is to find out
     */
    record Place(long version, long rowId, long newest) {

        /** Behind everything that a commit did. */
        public static Place after(long version) {
            return new Place(version, Long.MAX_VALUE, 0);
        }
    }

    /**
     * Each row that was written or deleted, once, as it was left: in the order of commits, within one in the order of row
     * ids. Who applies them in this order by key, over what was true at the place before, has the rows of now once no
     * more follow. A key may be told as deleted that the caller never heard of.
     *
     * @param next where to go on
     * @param more whether there are further changes already
     */
    record Page(List<Change> changes, Place next, boolean more) implements Changes {
        public Page {
            changes = List.copyOf(changes);
        }
    }

    /**
     * The changes since are not known one by one: they are too long ago, or the table's columns are others. The caller
     * reads all rows, by {@link TableReader#list} say, and goes on from here.
     *
     * @param next a place that was true before this answer: what happens while all rows are read is told behind it
     */
    record StartAnew(Place next) implements Changes {}

    /**
     * A row that was written, or a key that was deleted.
     *
     * @param version the commit that did it
     * @param key primary key, as text
     * @param row null if it was deleted
     */
    record Change(
            long version, long rowId, String key, @Nullable Row row) {}
}
