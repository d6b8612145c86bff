package com.akidb.engine.embedded.store;

import com.akidb.engine.CellCounts;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Reads the states of the cells of vector columns. */
final class CellReader {

    private CellReader() {}

    static CellCounts count(Statements reader, TableLayout layout, int position) throws SQLException {
        int number = layout.number(position);
        PreparedStatement select = reader.get("SELECT t.row_count, c.vector_count,"
                + " (SELECT count(*) FROM " + layout.names().cells(number) + " WHERE state = " + CellSql.PENDING + "),"
                + " (SELECT count(*) FROM " + layout.names().cells(number) + " WHERE state = " + CellSql.FAILED + "),"
                + " (SELECT coalesce(sum(kept), 0) FROM " + layout.names().cells(number) + ")"
                + " FROM akidb_tables t JOIN akidb_columns c ON c.table_number = t.number"
                + " WHERE t.number = ? AND c.number = ?");
        select.setLong(1, layout.names().number());
        select.setInt(2, number);
        try (ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                throw new SQLException("no such column: c" + number);
            }
            long pending = row.getLong(3);
            long failed = row.getLong(4);
            long ready = row.getLong(2) - row.getLong(5);
            return new CellCounts(ready, pending, failed, row.getLong(1) - ready - pending - failed);
        }
    }
}
