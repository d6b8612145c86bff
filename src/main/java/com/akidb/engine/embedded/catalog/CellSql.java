package com.akidb.engine.embedded.store;

/**
 * The SQL that reads and writes the cells of one vector column: vectors in one table; what waits or failed in another,
 * so that the cells of which nothing is to be said cost nothing.
 */
final class CellSql {

    /** Values of {@code state} in the table of cells. */
    static final int PENDING = 1;

    static final int FAILED = 2;

    /** Number of the column. */
    final int column;

    final String insertVector;
    final String updateVector;
    final String deleteVector;

    /** Parameters: row, state, stamp, kept, error. */
    final String putCell;

    final String deleteCell;

    /** All vectors with their rows, in the order of the rows. */
    final String vectors;

    CellSql(TableNames names, int column) {
        this.column = column;
        String vectorTable = names.vectors(column);
        String cellTable = names.cells(column);
        insertVector = "INSERT INTO " + vectorTable + " (row, vector) VALUES (?, ?)";
        updateVector = "UPDATE " + vectorTable + " SET vector = ?2 WHERE row = ?1";
        deleteVector = "DELETE FROM " + vectorTable + " WHERE row = ?";
        putCell = "INSERT INTO " + cellTable + " (row, state, stamp, kept, error) VALUES (?, ?, ?, ?, ?)"
                + " ON CONFLICT DO UPDATE SET state = excluded.state, stamp = excluded.stamp, kept = excluded.kept,"
                + " error = excluded.error";
        deleteCell = "DELETE FROM " + cellTable + " WHERE row = ?";
        vectors = "SELECT row, vector FROM " + vectorTable + " ORDER BY row";
    }
}
