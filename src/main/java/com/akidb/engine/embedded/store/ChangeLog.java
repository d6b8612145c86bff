package com.akidb.engine.embedded.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Keeps the logs of deletions short. A log that has grown a quarter over its bound is cut to the bound, and the table
 * records from which commit on its log is whole. For the writer's thread only.
 */
final class ChangeLog {

    private final Statements statements;
    private final int kept;

    ChangeLog(Statements statements, int kept) {
        this.statements = statements;
        this.kept = kept;
    }

    /** Cuts the table's log if it is long, inside the transaction that is open. */
    void prune(StoredTable table, TableDraft draft) throws SQLException {
        if (draft.loggedChanges() <= kept + kept / 4) {
            return;
        }
        long cut = versionAt(table, kept);
        PreparedStatement delete = statements.get(table.sql().deleteChangesTo);
        delete.setLong(1, cut);
        draft.changesPruned(delete.executeUpdate());
        PreparedStatement update =
                statements.get("UPDATE akidb_tables SET changes_after = max(changes_after, ?) WHERE number = ?");
        update.setLong(1, cut);
        update.setLong(2, table.number());
        update.executeUpdate();
    }

    private long versionAt(StoredTable table, int beforeLast) throws SQLException {
        PreparedStatement select = statements.get(table.sql().versionOfChange);
        select.setInt(1, beforeLast);
        try (ResultSet result = select.executeQuery()) {
            return result.next() ? result.getLong(1) : 0;
        }
    }
}
