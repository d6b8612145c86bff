package com.akidb.engine.embedded.store;

import com.akidb.engine.embedded.index.RowChange;
import java.util.ArrayList;
import java.util.List;

/** What one write did to its table, inside a transaction that is not committed yet. */
final class WriteEffect {

    private final List<RowChange> changes = new ArrayList<>();
    private int inserted;
    private int replaced;
    private int ignored;
    private int deleted;

    void inserted(RowChange row) {
        changes.add(row);
        inserted++;
    }

    /** The row took the place of one that existed. */
    void replaced(long oldRow, RowChange row) {
        changes.add(new RowChange(oldRow, null));
        changes.add(row);
        replaced++;
    }

    void ignored() {
        ignored++;
    }

    void deleted(long row) {
        changes.add(new RowChange(row, null));
        deleted++;
    }

    /** In order; a row that is written and taken away again is in it twice. */
    List<RowChange> changes() {
        return changes;
    }

    int insertedCount() {
        return inserted;
    }

    int replacedCount() {
        return replaced;
    }

    int ignoredCount() {
        return ignored;
    }

    int deletedCount() {
        return deleted;
    }

    boolean isEmpty() {
        return changes.isEmpty();
    }
}
