package com.akidb.engine.embedded.store;

import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.TableDefinition;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The SQL that reads and writes one table. */
final class TableSql {

    /** Positions of the columns that are in the table of rows, in order. */
    final List<Integer> scalars;

    /** Positions of the columns that have tables of their own, in order. */
    final List<Integer> vectors;

    final String insertRow;
    final String deleteRow;
    final String idOfKey;
    final String logDeletion;

    /** By the order of {@link #vectors}. */
    final List<String> insertVector;

    /** By the order of {@link #vectors}. */
    final List<String> deleteVector;

    final String rowById;
    final String rowByIdWithVectors;
    final String rowByKey;
    final String rowByKeyWithVectors;
    final String rowsAfter;
    final String rowsAfterWithVectors;

    /** The last row written at or before a commit; looks from the end, so costs as much as was written since. */
    final String lastRowAt;

    final String idsAfter;
    final String deletedAfter;
    final String countOfChanges;

    /** The commit of the deletion that is so many before the last. */
    final String versionOfChange;

    final String deleteChangesTo;

    private final TableNames names;

    TableSql(TableNames names, TableDefinition definition) {
        this.names = names;
        List<Column> columns = definition.columns();
        scalars = positions(columns, false);
        vectors = positions(columns, true);
        String rows = names.rows();
        String changes = names.changes();
        String key = TableNames.column(definition.indexOf(definition.primaryKey()));
        String scalarNames = scalars.stream().map(TableNames::column).collect(Collectors.joining(", "));
        insertRow = "INSERT INTO " + rows + " (id, version, " + scalarNames + ") VALUES (?, ?"
                + ", ?".repeat(scalars.size()) + ") ON CONFLICT (" + key + ") DO NOTHING";
        deleteRow = "DELETE FROM " + rows + " WHERE id = ?";
        idOfKey = "SELECT id FROM " + rows + " WHERE " + key + " = ?";
        logDeletion = "INSERT INTO " + changes + " (version, row, key) VALUES (?, ?, ?)";
        insertVector = vectors.stream()
                .map(position -> "INSERT INTO " + names.vectors(position) + " (row, vector) VALUES (?, ?)")
                .toList();
        deleteVector = vectors.stream()
                .map(position -> "DELETE FROM " + names.vectors(position) + " WHERE row = ?")
                .toList();
        String select = "SELECT id, version, " + scalarNames + " FROM " + rows;
        String selectWithVectors = selectWithVectors(columns);
        rowById = select + " WHERE id = ?";
        rowByIdWithVectors = selectWithVectors + " WHERE id = ?";
        rowByKey = select + " WHERE " + key + " = ?";
        rowByKeyWithVectors = selectWithVectors + " WHERE " + key + " = ?";
        rowsAfter = select + " WHERE id > ? ORDER BY id LIMIT ?";
        rowsAfterWithVectors = selectWithVectors + " WHERE id > ? ORDER BY id LIMIT ?";
        lastRowAt = "SELECT id FROM " + rows + " WHERE version <= ? ORDER BY id DESC LIMIT 1";
        idsAfter = "SELECT id FROM " + rows + " WHERE id > ? ORDER BY id";
        deletedAfter = "SELECT row FROM " + changes + " WHERE version > ? ORDER BY version, row";
        countOfChanges = "SELECT count(*) FROM " + changes;
        versionOfChange = "SELECT version FROM " + changes + " ORDER BY version DESC, row DESC LIMIT 1 OFFSET ?";
        deleteChangesTo = "DELETE FROM " + changes + " WHERE version <= ?";
    }

    /** All vectors of a column with their rows, in the order of the rows. */
    String vectorsOf(int position) {
        return "SELECT row, vector FROM " + names.vectors(position) + " ORDER BY row";
    }

    /** All values of a column with their rows, in the order of the rows. */
    String valuesOf(int position) {
        return "SELECT id, " + TableNames.column(position) + " FROM " + names.rows() + " ORDER BY id";
    }

    private String selectWithVectors(List<Column> columns) {
        String all = IntStream.range(0, columns.size())
                .mapToObj(position ->
                        vectors.contains(position) ? names.vectors(position) + ".vector" : TableNames.column(position))
                .collect(Collectors.joining(", "));
        String joins = vectors.stream()
                .map(names::vectors)
                .map(table -> " LEFT JOIN " + table + " ON " + table + ".row = id")
                .collect(Collectors.joining());
        return "SELECT id, version, " + all + " FROM " + names.rows() + joins;
    }

    private static List<Integer> positions(List<Column> columns, boolean vectors) {
        return IntStream.range(0, columns.size())
                .filter(position -> (columns.get(position).type() == ColumnType.VECTOR) == vectors)
                .boxed()
                .toList();
    }
}
