package com.akidb.engine.embedded.store;

import com.akidb.engine.ColumnType;
import com.akidb.error.AkidbException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;

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
        return rows(table.layout(), columns, "query", ")");
    }

    /** @param end what stands behind {@code FROM table AS r}, and the parenthesis that closes */
    static String rows(TableLayout layout, List<String> columns, String blame, String end) {
        String from = " FROM " + layout.names().rows() + " AS r" + end;
        StringJoiner select = new StringJoiner(", ", "(SELECT ", from).setEmptyValue("(SELECT 1" + from);
        for (int i = 0; i < columns.size(); i++) {
            int position = layout.position(columns.get(i), blame);
            String value = layout.column(position).type() == ColumnType.VECTOR
                    ? "(SELECT v.vector FROM " + layout.names().vectors(layout.number(position))
                            + " AS v WHERE v.row = r.id)"
                    : "r." + layout.sqlName(position);
            select.add(value + " AS k" + i);
        }
        return select.toString();
    }

    /** What SQLite says is wrong with a select, without the driver's frame around it; null if the select is not to blame. */
    public static @Nullable String mistake(SQLException failure) {
        String message = String.valueOf(failure.getMessage());
        if ((failure.getErrorCode() & 0xff) != SQLiteErrorCode.SQLITE_ERROR.code || message.contains("no such ")) {
            return null;
        }
        int open = message.indexOf('(');
        return open >= 0 && message.endsWith(")") ? message.substring(open + 1, message.length() - 1) : message;
    }

    /** What a failure means for the caller. */
    public AkidbException translate(SQLException failure) {
        return failures.translate(failure);
    }
}
