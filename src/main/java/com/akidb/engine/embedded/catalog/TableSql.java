package com.akidb.engine.embedded.catalog;

import com.akidb.engine.ColumnType;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The SQL that reads and writes the rows of one table; that of single vector columns is in {@link CellSql}. */
public final class TableSql {

    /** In the log of changes, in the place of a row: the columns. */
    private static final long DEFINITION = 0;

    /** Parameters: id, version, time, then the scalars in order. Does nothing if something is not unique. */
    public final String insertRow;

    public final String deleteRow;
    public final String idOfKey;
    public final String logChange;

    public final String rowById;
    public final String rowByIdWithVectors;
    public final String rowByKey;
    public final String rowByKeyWithVectors;
    public final String rowsAfter;
    public final String rowsAfterWithVectors;

    /** The last row that was not written after a commit; looks from the end. */
    public final String lastRowAt;

    public final String idsAfter;
    public final String changedAfter;
    /** Logs that the columns are others from a commit on. */
    public final String logDefinition;

    /** Commits after one that changed the columns. */
    public final String definedAfter;

    /**
     * Logged changes behind a commit and a row, in that order, each row once as it was left: version, row, and key if it
     * was deleted. Parameters: version, row.
     */
    public final String loggedAfter;

    /**
     * Rows behind an id that no commit changed since the one that brought them, so that their commits rise with their
     * ids: version, id. Parameters: id, then version and row behind which they are.
     */
    public final String untouchedAfter;

    public final String newestRow;
    public final String countOfChanges;

    /** The commit of the logged change that is so many before the last. */
    public final String versionOfChange;

    public final String deleteChangesTo;

    /** By the vector columns, in order. */
    public final List<CellSql> cells;

    TableSql(TableLayout layout) {
        TableNames names = layout.names();
        String rows = names.rows();
        String changes = names.changes();
        String key = layout.sqlName(layout.keyPosition());
        String scalarNames = layout.scalars().stream()
                .map(position -> ", " + layout.sqlName(position))
                .collect(Collectors.joining());
        insertRow = "INSERT INTO " + rows + " (id, version, changed_at" + scalarNames + ") VALUES (?, ?, ?"
                + ", ?".repeat(layout.scalars().size()) + ") ON CONFLICT DO NOTHING";
        deleteRow = "DELETE FROM " + rows + " WHERE id = ?";
        idOfKey = "SELECT id FROM " + rows + " WHERE " + key + " = ?";
        logChange = "INSERT INTO " + changes
                + " (version, row, key) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET key = excluded.key";
        String select = "SELECT id, version, changed_at" + scalarNames + " FROM " + rows;
        String withVectors = selectWithVectors(layout);
        rowById = select + " WHERE id = ?";
        rowByIdWithVectors = withVectors + " WHERE id = ?";
        rowByKey = select + " WHERE " + key + " = ?";
        rowByKeyWithVectors = withVectors + " WHERE " + key + " = ?";
        rowsAfter = select + " WHERE id > ? ORDER BY id LIMIT ?";
        rowsAfterWithVectors = withVectors + " WHERE id > ? ORDER BY id LIMIT ?";
        lastRowAt = "SELECT id FROM " + rows + " WHERE version <= ? ORDER BY id DESC LIMIT 1";
        idsAfter = "SELECT id FROM " + rows + " WHERE id > ? ORDER BY id";
        changedAfter =
                "SELECT row FROM " + changes + " WHERE version > ? AND row <> " + DEFINITION + " ORDER BY version, row";
        logDefinition = "INSERT INTO " + changes + " (version, row, key) VALUES (?, " + DEFINITION + ", NULL)";
        definedAfter = "SELECT count(*) FROM " + changes + " WHERE version > ? AND row = " + DEFINITION;
        loggedAfter = "SELECT c.version, c.row, c.key FROM " + changes + " c WHERE (c.version, c.row) > (?, ?)"
                + " AND (c.key IS NOT NULL OR EXISTS (SELECT 1 FROM " + rows
                + " r WHERE r.id = c.row AND r.version = c.version)) ORDER BY c.version, c.row";
        untouchedAfter = "SELECT r.version, r.id FROM " + rows + " r WHERE r.id > ? AND (r.version, r.id) > (?, ?)"
                + " AND NOT EXISTS (SELECT 1 FROM " + changes
                + " c WHERE c.version = r.version AND c.row = r.id) ORDER BY r.id";
        newestRow = "SELECT max(id) FROM " + rows;
        countOfChanges = "SELECT count(*) FROM " + changes;
        versionOfChange = "SELECT version FROM " + changes + " ORDER BY version DESC, row DESC LIMIT 1 OFFSET ?";
        deleteChangesTo = "DELETE FROM " + changes + " WHERE version <= ?";
        cells = layout.vectors().stream()
                .map(position -> new CellSql(names, layout.number(position)))
                .toList();
    }

    /** Vectors by subqueries: joins would bound the number of vector columns. */
    private static String selectWithVectors(TableLayout layout) {
        TableNames names = layout.names();
        String all = IntStream.range(0, layout.numbers().size())
                .mapToObj(position -> layout.column(position).type() == ColumnType.VECTOR
                        ? ", (SELECT vector FROM " + names.vectors(layout.number(position)) + " WHERE row = id)"
                        : ", " + layout.sqlName(position))
                .collect(Collectors.joining());
        return "SELECT id, version, changed_at" + all + " FROM " + names.rows();
    }

    /**
     * The SQL that reads and writes the cells of one vector column: vectors in one table; what waits or failed in another,
     * so that cells without a state of their own cost nothing.
     */
    public static final class CellSql {

        /** Values of {@code state} in the table of cells. */
        public static final int PENDING = 1;

        public static final int FAILED = 2;

        /** Number of the column. */
        public final int column;

        public final String insertVector;
        public final String updateVector;
        public final String deleteVector;

        /** Parameters: row, state, stamp, kept, error. */
        public final String putCell;

        public final String deleteCell;

        /** All vectors with their rows, in the order of the rows. */
        public final String vectors;

        public CellSql(TableNames names, int column) {
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
}
