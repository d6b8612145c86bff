package com.akidb.engine.embedded.store;

import com.akidb.engine.Cell;
import com.akidb.engine.CellCounts;
import com.akidb.engine.CellQuery;
import com.akidb.engine.CellState;
import com.akidb.engine.ColumnType;
import com.akidb.engine.embedded.sql.ColumnValues;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Reads the states of the cells of vector columns. */
final class CellReader {

    private CellReader() {}

    static CellCounts count(Statements reader, TableLayout layout, int position) throws SQLException {
        int number = layout.number(position);
        String cells = layout.names().cells(number);
        PreparedStatement select = reader.get("SELECT row_count, vector_counts,"
                + " (SELECT count(*) FROM " + cells + " WHERE state = " + CellSql.PENDING + "),"
                + " (SELECT count(*) FROM " + cells + " WHERE state = " + CellSql.FAILED + "),"
                + " (SELECT coalesce(sum(kept), 0) FROM " + cells + ") FROM akidb_tables WHERE number = ?");
        select.setLong(1, layout.names().number());
        try (ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                throw new NotFoundException("The table is gone");
            }
            long vectors = VectorCounts.parse(row.getString(2)).getOrDefault(number, 0L);
            long pending = row.getLong(3);
            long failed = row.getLong(4);
            long ready = vectors - row.getLong(5);
            return new CellCounts(ready, pending, failed, row.getLong(1) - ready - pending - failed);
        }
    }

    static List<Cell> cells(Statements reader, TableLayout layout, CellQuery query) throws SQLException {
        int number = layout.number(layout.vectorPosition(query.column(), "column"));
        int source = layout.position(query.sourceColumn(), "source_column");
        ColumnType sourceType = layout.column(source).type();
        if (sourceType == ColumnType.VECTOR) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT, "'" + query.sourceColumn() + "' holds vectors", "source_column");
        }
        PreparedStatement select = reader.get("SELECT cell.row, r." + layout.sqlName(layout.keyPosition())
                + ", cell.stamp, cell.error, r." + layout.sqlName(source) + " FROM "
                + layout.names().cells(number) + " cell JOIN " + layout.names().rows()
                + " r ON r.id = cell.row WHERE cell.state = ? AND cell.row > ? ORDER BY cell.row LIMIT ?");
        select.setInt(1, query.state() == CellState.PENDING ? CellSql.PENDING : CellSql.FAILED);
        select.setLong(2, query.after());
        select.setInt(3, query.limit());
        List<Cell> cells = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                cells.add(new Cell(
                        row.getLong(1),
                        row.getString(2),
                        query.state(),
                        row.getLong(3),
                        ColumnValues.read(row, 5, sourceType),
                        row.getString(4)));
            }
        }
        return cells;
    }
}
