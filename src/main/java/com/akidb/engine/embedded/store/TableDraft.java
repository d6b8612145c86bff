package com.akidb.engine.embedded.store;

import com.akidb.engine.embedded.index.RowChange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the open transaction has done to one table. */
final class TableDraft {

    private final Map<Long, RowChange> changes = new LinkedHashMap<>();
    private long rowCount;
    private long loggedChanges;

    TableDraft(StoredTable table) {
        rowCount = table.state().rowCount();
        loggedChanges = table.loggedChanges();
    }

    /** Takes in a write that succeeded. */
    void add(WriteEffect effect) {
        for (RowChange change : effect.changes()) {
            if (change.values() != null) {
                changes.put(change.rowId(), change);
                rowCount++;
            } else {
                rowCount--;
                loggedChanges++;
                if (changes.remove(change.rowId()) == null) {
                    changes.put(change.rowId(), change);
                }
            }
        }
    }

    /** Each row once, as the transaction leaves it; rows that came and went in it are left out. */
    List<RowChange> changes() {
        return List.copyOf(changes.values());
    }

    long rowCount() {
        return rowCount;
    }

    long loggedChanges() {
        return loggedChanges;
    }

    void changesPruned(long removed) {
        loggedChanges -= removed;
    }
}
