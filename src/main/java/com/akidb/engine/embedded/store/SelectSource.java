package com.akidb.engine.embedded.store;

import com.akidb.engine.ColumnType;
import com.akidb.error.AkidbException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.StringJoiner;

/** What selects over several tables need of the store: connections for reading, and what SQLite calls tables. */
public final class SelectSource {

    private final Database database;
    private final StorageFailures failures;

    SelectSource(Database database, StorageFailures failures) {
        this.database = database;
        this.failures = failures;
    }

    /** Another connection that sees commits and makes none; the caller closes it. */
    public Connection open() throws SQLException {
        return database.openReader();
    }

    /**
     * The rows of a table as a subquery whose columns are {@code k0, k1, ...}.
     *
     * @throws com.akidb.error.InvalidInputException if there is no such column
     */
    public String rows(StoredTable table, List<String> columns) {
        TableLayout layout = table.layout();
        StringJoiner select =
                new StringJoiner(", ", "(SELECT ", " FROM " + layout.names().rows() + " AS r)");
        select.setEmptyValue("(SELECT 1 FROM " + layout.names().rows() + " AS r)");
        for (int i = 0; i < columns.size(); i++) {
            int position = layout.position(columns.get(i), "query");
            String value = layout.column(position).type() == ColumnType.VECTOR
                    ? "(SELECT v.vector FROM " + layout.names().vectors(layout.number(position))
                            + " AS v WHERE v.row = r.id)"
                    : "r." + layout.sqlName(position);
            select.add(value + " AS k" + i);
        }
        return select.toString();
    }

    /** What a failure means for the caller. */
    public AkidbException translate(SQLException failure) {
        return failures.translate(failure);
    }
}
