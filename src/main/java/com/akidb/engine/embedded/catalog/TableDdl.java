package com.akidb.engine.embedded.catalog;

import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import java.util.ArrayList;
import java.util.List;

/** The SQL that makes and drops the parts of a table: rows, cells of each vector column, changes. */
public final class TableDdl {

    private TableDdl() {}

    static List<String> create(TableLayout layout) {
        TableNames names = layout.names();
        List<String> statements = new ArrayList<>();
        StringBuilder rows = new StringBuilder("CREATE TABLE ")
                .append(names.rows())
                .append(" (id INTEGER PRIMARY KEY, version INTEGER NOT NULL, changed_at INTEGER NOT NULL");
        for (int position : layout.scalars()) {
            Column column = layout.column(position);
            rows.append(", ").append(layout.sqlName(position)).append(' ').append(sqlType(column.type()));
            rows.append(column.required() ? " NOT NULL" : "");
        }
        statements.add(rows.append(") STRICT").toString());
        statements.add("CREATE UNIQUE INDEX " + names.key() + " ON " + names.rows() + " ("
                + layout.sqlName(layout.keyPosition()) + ")");
        statements.add(changes(names));
        for (int position = 0; position < layout.numbers().size(); position++) {
            if (layout.column(position).type() == ColumnType.VECTOR) {
                statements.addAll(vectors(names, layout.number(position)));
            } else if (needsUnique(layout, position)) {
                statements.add(unique(names, layout.number(position)));
            }
        }
        return statements;
    }

    /** The primary key is unique by its own index. */
    static boolean needsUnique(TableLayout layout, int position) {
        return layout.column(position).unique() && position != layout.keyPosition();
    }

    public static String changes(TableNames names) {
        return "CREATE TABLE " + names.changes()
                + " (version INTEGER NOT NULL, row INTEGER NOT NULL, key TEXT, PRIMARY KEY (version, row))"
                + " STRICT, WITHOUT ROWID";
    }

    /** The tables of a vector column. */
    public static List<String> vectors(TableNames names, int column) {
        List<String> statements = new ArrayList<>();
        statements.add(
                "CREATE TABLE " + names.vectors(column) + " (row INTEGER PRIMARY KEY, vector BLOB NOT NULL) STRICT");
        statements.addAll(cells(names, column));
        return statements;
    }

    public static List<String> cells(TableNames names, int column) {
        String cells = names.cells(column);
        return List.of(
                "CREATE TABLE " + cells + " (row INTEGER PRIMARY KEY, state INTEGER NOT NULL, stamp INTEGER NOT NULL,"
                        + " kept INTEGER NOT NULL, error TEXT) STRICT",
                "CREATE INDEX " + cells + "_state ON " + cells + " (state, row)");
    }

    public static List<String> dropVectors(TableNames names, int column) {
        return List.of("DROP TABLE " + names.vectors(column), "DROP TABLE " + names.cells(column));
    }

    public static String unique(TableNames names, int column) {
        return "CREATE UNIQUE INDEX " + names.unique(column) + " ON " + names.rows() + " (" + TableNames.column(column)
                + ")";
    }

    static List<String> drop(TableLayout layout) {
        TableNames names = layout.names();
        List<String> statements = new ArrayList<>();
        statements.add("DROP TABLE " + names.rows());
        statements.add("DROP TABLE " + names.changes());
        for (int position : layout.vectors()) {
            statements.addAll(dropVectors(names, layout.number(position)));
        }
        return statements;
    }

    public static String sqlType(ColumnType type) {
        return switch (type) {
            case STRING, JSON -> "TEXT";
            case INT, BOOL, TIMESTAMP -> "INTEGER";
            case FLOAT -> "REAL";
            case VECTOR -> "BLOB";
        };
    }
}
