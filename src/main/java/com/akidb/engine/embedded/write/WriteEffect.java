package com.akidb.engine.embedded.write;

import com.akidb.engine.WriteResult;
import com.akidb.engine.embedded.index.RowChange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What one write did to its table, inside a transaction that is not committed yet. */
final class WriteEffect {

    private final List<RowChange> changes = new ArrayList<>();
    private final Map<Integer, Integer> vectorDeltas = new HashMap<>();
    private int inserted;
    private int replaced;
    private int ignored;
    private int updated;
    private int deleted;
    private int logged;

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

    /** The row has other values. */
    void updated(RowChange row) {
        changes.add(row);
        updated++;
    }

    /** Cells changed their state, and nothing that an index knows. */
    void marked(int cells) {
        updated += cells;
    }

    void deleted(long row) {
        changes.add(new RowChange(row, null));
        deleted++;
    }

    /** The change log has an entry more. */
    void logged() {
        logged++;
    }

    /** The column of that number has so many vectors more, or less. */
    void vectors(int column, int delta) {
        if (delta != 0) {
            vectorDeltas.merge(column, delta, Integer::sum);
        }
    }

    /** In order; a row that is written and taken away again is in it twice. */
    List<RowChange> changes() {
        return changes;
    }

    Map<Integer, Integer> vectorDeltas() {
        return vectorDeltas;
    }

    int rowDelta() {
        return inserted - deleted;
    }

    int loggedCount() {
        return logged;
    }

    boolean isEmpty() {
        return changes.isEmpty() && updated == 0;
    }

    WriteResult result(long version) {
        return new WriteResult(inserted, replaced, ignored, updated, deleted, version);
    }
}
