package com.akidb.engine.embedded.store;

import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.embedded.sql.ColumnValues;
import com.akidb.vector.Metric;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The columns of tables inside the database. For the thread of its connection; changes belong to its transaction. */
final class CatalogColumns {

    private static final String COLUMNS = """
        SELECT number, name, type, required, is_unique, dimension, metric, default_value
        FROM akidb_columns WHERE table_number = ? ORDER BY position\
        """;
    private static final String PROPERTIES =
            "SELECT column_number, name, value FROM akidb_column_properties WHERE table_number = ?";

    private final Statements statements;

    CatalogColumns(Statements statements) {
        this.statements = statements;
    }

    /** A column and its number. */
    record Numbered(int number, Column column) {}

    /** A table's columns, in order. */
    List<Numbered> of(TableNames names) throws SQLException {
        Map<Integer, Map<String, String>> properties = properties(names.number());
        List<Numbered> columns = new ArrayList<>();
        PreparedStatement select = statements.get(COLUMNS);
        select.setLong(1, names.number());
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                String metric = row.getString(7);
                ColumnType type = ColumnType.valueOf(row.getString(3));
                Column column = new Column(
                        row.getString(2),
                        type,
                        row.getInt(4) != 0,
                        row.getInt(5) != 0,
                        ColumnValues.read(row, 8, type),
                        row.getInt(6),
                        metric == null ? null : Metric.valueOf(metric),
                        properties.getOrDefault(row.getInt(1), Map.of()));
                columns.add(new Numbered(row.getInt(1), column));
            }
        }
        return columns;
    }

    private Map<Integer, Map<String, String>> properties(long table) throws SQLException {
        Map<Integer, Map<String, String>> properties = new HashMap<>();
        PreparedStatement select = statements.get(PROPERTIES);
        select.setLong(1, table);
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                properties.computeIfAbsent(row.getInt(1), _ -> new HashMap<>()).put(row.getString(2), row.getString(3));
            }
        }
        return properties;
    }

    /** Takes a number for a column that is added. */
    int takeNumber(long table) throws SQLException {
        PreparedStatement take = statements.get(
                "UPDATE akidb_tables SET next_column = next_column + 1 WHERE number = ? RETURNING next_column - 1");
        take.setLong(1, table);
        try (ResultSet row = take.executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }

    /** Adds a column behind those that are there; numbers rise with positions. */
    void insert(long table, int number, Column column) throws SQLException {
        PreparedStatement insert = statements.get("""
            INSERT INTO akidb_columns (table_number, number, position, name, type, required, is_unique, dimension,
              metric, default_value)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
            """);
        Metric metric = column.metric();
        Statements.bind(
                insert,
                table,
                number,
                number,
                column.name(),
                column.type().name(),
                column.required(),
                column.unique(),
                column.dimension(),
                metric == null ? null : metric.name());
        ColumnValues.bind(insert, 10, column.type(), column.defaultValue());
        insert.executeUpdate();
        insertProperties(table, number, column.properties());
    }

    private void insertProperties(long table, int number, Map<String, String> properties) throws SQLException {
        for (Map.Entry<String, String> entry : properties.entrySet()) {
            statements.update(
                    "INSERT INTO akidb_column_properties (table_number, column_number, name, value) VALUES (?, ?, ?,"
                            + " ?)",
                    table,
                    number,
                    entry.getKey(),
                    entry.getValue());
        }
    }

    void replaceProperties(long table, int number, Map<String, String> properties) throws SQLException {
        deleteProperties(table, number);
        insertProperties(table, number, properties);
    }

    private void deleteProperties(long table, int number) throws SQLException {
        statements.update(
                "DELETE FROM akidb_column_properties WHERE table_number = ? AND column_number = ?", table, number);
    }

    void rename(long table, int number, String name) throws SQLException {
        statements.update(
                "UPDATE akidb_columns SET name = ? WHERE table_number = ? AND number = ?", name, table, number);
    }

    /** Puts a column in the place of another that is deleted. */
    void takePlace(long table, int number, int of) throws SQLException {
        statements.update(
                "UPDATE akidb_columns SET position = (SELECT position FROM akidb_columns WHERE table_number = ?1"
                        + " AND number = ?3) WHERE table_number = ?1 AND number = ?2",
                table,
                number,
                of);
    }

    void delete(long table, int number) throws SQLException {
        deleteProperties(table, number);
        statements.update("DELETE FROM akidb_columns WHERE table_number = ? AND number = ?", table, number);
    }
}
