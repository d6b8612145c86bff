package com.akidb.engine.embedded.store;

import com.akidb.engine.ColumnType;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The SQL that reads and writes the rows of one table; that of single columns is made by {@link CellSql}. */
final class TableSql {

    /** Parameters: id, version, time, then the scalars in order. Does nothing if something is not unique. */
    final String insertRow;

    final String deleteRow;
    final String idOfKey;
    final String logChange;

    final String rowById;
    final String rowByIdWithVectors;
    final String rowByKey;
    final String rowByKeyWithVectors;
    final String rowsAfter;
    final String rowsAfterWithVectors;

    /** The last row that was not written after a commit; looks from the end. */
    final String lastRowAt;

    final String idsAfter;
    final String changedAfter;
    final String countOfChanges;

    /** The commit of the logged change that is so many before the last. */
    final String versionOfChange;

    final String deleteChangesTo;

    /** By the vector columns, in order. */
    final List<CellSql> cells;

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
        changedAfter = "SELECT row FROM " + changes + " WHERE version > ? ORDER BY version, row";
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
}
