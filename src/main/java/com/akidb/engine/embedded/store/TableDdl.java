package com.akidb.engine.embedded.store;

import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.TableDefinition;
import java.util.ArrayList;
import java.util.List;

/** The SQL that makes and drops a table's parts: rows, vectors of each vector column, and changes. */
final class TableDdl {

    private TableDdl() {}

    static List<String> create(TableNames names, TableDefinition definition) {
        List<String> statements = new ArrayList<>();
        StringBuilder rows = new StringBuilder("CREATE TABLE ")
                .append(names.rows())
                .append(" (id INTEGER PRIMARY KEY, version INTEGER NOT NULL");
        List<Column> columns = definition.columns();
        for (int position = 0; position < columns.size(); position++) {
            Column column = columns.get(position);
            if (column.type() == ColumnType.VECTOR) {
                statements.add("CREATE TABLE " + names.vectors(position)
                        + " (row INTEGER PRIMARY KEY, vector BLOB NOT NULL) STRICT");
            } else {
                rows.append(", ")
                        .append(TableNames.column(position))
                        .append(' ')
                        .append(sqlType(column.type()));
                rows.append(column.required() ? " NOT NULL" : "");
            }
        }
        statements.add(rows.append(") STRICT").toString());
        String key = TableNames.column(definition.indexOf(definition.primaryKey()));
        statements.add("CREATE UNIQUE INDEX " + names.rows() + "_key ON " + names.rows() + " (" + key + ")");
        statements.add("CREATE TABLE " + names.changes()
                + " (version INTEGER NOT NULL, row INTEGER NOT NULL, key TEXT NOT NULL, PRIMARY KEY (version, row))"
                + " STRICT, WITHOUT ROWID");
        return statements;
    }

    static List<String> drop(TableNames names, TableDefinition definition) {
        List<String> statements = new ArrayList<>();
        statements.add("DROP TABLE " + names.rows());
        statements.add("DROP TABLE " + names.changes());
        for (int position = 0; position < definition.columns().size(); position++) {
            if (definition.columns().get(position).type() == ColumnType.VECTOR) {
                statements.add("DROP TABLE " + names.vectors(position));
            }
        }
        return statements;
    }

    private static String sqlType(ColumnType type) {
        return switch (type) {
            case STRING, JSON -> "TEXT";
            case INT, BOOL, TIMESTAMP -> "INTEGER";
            case FLOAT -> "REAL";
            case VECTOR -> "BLOB";
        };
    }
}
