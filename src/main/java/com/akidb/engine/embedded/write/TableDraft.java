package com.akidb.engine.embedded.write;

import com.akidb.engine.embedded.catalog.TableRecord;
import com.akidb.engine.embedded.catalog.TableRecord.Progress;
import com.akidb.engine.embedded.index.RowChange;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the open transaction has done to one table. */
final class TableDraft {

    private final Map<Long, RowChange> changes = new LinkedHashMap<>();
    private final Map<Integer, Long> vectorCounts;
    private final TableRecord table;
    private long rowCount;
    private long loggedChanges;

    TableDraft(TableRecord table) {
        this.table = table;
        rowCount = table.state().rowCount();
        loggedChanges = table.loggedChanges();
        vectorCounts = new HashMap<>(table.vectorCounts());
        vectorCounts.keySet().retainAll(table.layout().numbers());
    }

    /** Takes in a write that succeeded. */
    void add(WriteEffect effect) {
        for (RowChange change : effect.changes()) {
            if (change.values() == null && change.rowId() >= table.firstNewRow()) {
                changes.remove(change.rowId());
            } else {
                changes.merge(change.rowId(), change, (earlier, later) -> later.after(earlier));
            }
        }
        effect.vectorDeltas().forEach((column, delta) -> vectorCounts.merge(column, (long) delta, Long::sum));
        rowCount += effect.rowDelta();
        loggedChanges += effect.loggedCount();
    }

    /** Each row once, as the transaction leaves it; rows that came and went in it are left out. */
    List<RowChange> changes() {
        return List.copyOf(changes.values());
    }

    /** How far the table has come when the transaction is committed under this version. */
    Progress progress(long version) {
        return new Progress(version, table.nextRow(), rowCount, loggedChanges, vectorCounts);
    }

    /** Entries of the change log, or a few more. */
    long loggedChanges() {
        return loggedChanges;
    }

    void changesPrunedTo(long left) {
        loggedChanges = left;
    }
}
