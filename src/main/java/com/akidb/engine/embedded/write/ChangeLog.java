package com.akidb.engine.embedded.write;

import com.akidb.engine.embedded.catalog.TableRecord;
import com.akidb.engine.embedded.catalog.TableSql;
import com.akidb.engine.embedded.file.Database;
import com.akidb.engine.embedded.file.Statements;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Keeps the logs of changes short. A log that has grown a quarter over its bound is cut to the bound, and the table
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
    void prune(TableRecord table, TableDraft draft) throws SQLException {
        if (draft.loggedChanges() <= kept + kept / 4) {
            return;
        }
        long cut = versionAt(table, kept);
        TableSql sql = table.layout().sql();
        statements.update(sql.deleteChangesTo, cut);
        draft.changesPrunedTo(Database.number(statements.connection(), sql.countOfChanges));
        statements.update(
                "UPDATE akidb_tables SET changes_after = max(changes_after, ?) WHERE number = ?", cut, table.number());
    }

    private long versionAt(TableRecord table, int beforeLast) throws SQLException {
        PreparedStatement select = statements.get(table.layout().sql().versionOfChange);
        select.setInt(1, beforeLast);
        try (ResultSet result = select.executeQuery()) {
            return result.next() ? result.getLong(1) : 0;
        }
    }
}
