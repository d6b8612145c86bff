package com.akidb.engine.embedded.store;

import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.TableDefinition;
import com.akidb.engine.embedded.store.StoredTable.Progress;
import com.akidb.vector.Metric;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The list of tables inside the database. For the thread of its connection. */
final class Catalog {

    private static final String TABLES = """
            SELECT number, id, name, key_column, created_at, version, next_row, row_count
            FROM akidb_tables ORDER BY number""";
    private static final String COLUMNS = """
            SELECT name, type, required, dimension, metric, number
            FROM akidb_columns WHERE table_number = ? ORDER BY position""";
    private static final String PROPERTIES = "SELECT name, value FROM akidb_properties WHERE table_number = ?";

    private final Statements statements;

    Catalog(Statements statements) {
        this.statements = statements;
    }

    /** Sequence number of the last commit. */
    long version() throws SQLException {
        return Database.number(
                statements.connection(),
                "SELECT max((SELECT version FROM akidb_state), coalesce((SELECT max(version) FROM akidb_tables), 0))");
    }

    /** All tables in the order of their creation. */
    List<StoredTable> tables() throws SQLException {
        List<StoredTable> tables = new ArrayList<>();
        try (ResultSet row = statements.get(TABLES).executeQuery()) {
            while (row.next()) {
                tables.add(table(row));
            }
        }
        return tables;
    }

    private StoredTable table(ResultSet row) throws SQLException {
        long number = row.getLong(1);
        List<Column> columns = new ArrayList<>();
        String key = readColumns(number, row.getInt(4), columns);
        TableDefinition definition = new TableDefinition(row.getString(3), columns, key, properties(number));
        TableSql sql = new TableSql(new TableNames(number), definition);
        long loggedChanges = Database.number(statements.connection(), sql.countOfChanges);
        Progress progress = new Progress(row.getLong(6), row.getLong(7), row.getLong(8), loggedChanges);
        Instant createdAt = ColumnValues.instant(row.getLong(5));
        return new StoredTable(number, UUID.fromString(row.getString(2)), definition, createdAt, progress);
    }

    private String readColumns(long table, int keyColumn, List<Column> columns) throws SQLException {
        PreparedStatement select = statements.get(COLUMNS);
        select.setLong(1, table);
        String key = "";
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                String metric = row.getString(5);
                Column column = new Column(
                        row.getString(1),
                        ColumnType.valueOf(row.getString(2)),
                        row.getInt(3) != 0,
                        false,
                        null,
                        row.getInt(4),
                        metric == null ? null : Metric.valueOf(metric),
                        Map.of());
                columns.add(column);
                key = row.getInt(6) == keyColumn ? column.name() : key;
            }
        }
        return key;
    }

    private Map<String, String> properties(long table) throws SQLException {
        Map<String, String> properties = new HashMap<>();
        PreparedStatement select = statements.get(PROPERTIES);
        select.setLong(1, table);
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                properties.put(row.getString(1), row.getString(2));
            }
        }
        return properties;
    }

    /** Whether a table has this name. */
    boolean isTaken(String name) throws SQLException {
        PreparedStatement select = statements.get("SELECT 1 FROM akidb_tables WHERE name = ?");
        select.setString(1, name);
        try (ResultSet row = select.executeQuery()) {
            return row.next();
        }
    }

    /** Creates a table as of a commit, inside the transaction that is open. */
    StoredTable insert(UUID id, TableDefinition definition, Instant createdAt, long version) throws SQLException {
        int keyColumn = definition.indexOf(definition.primaryKey()) + 1;
        PreparedStatement insert = statements.get("""
                INSERT INTO akidb_tables
                (id, name, key_column, created_at, version, next_row, row_count, changes_after)
                VALUES (?, ?, ?, ?, ?, 1, 0, ?) RETURNING number""");
        bind(insert, id.toString(), definition.name(), keyColumn, ColumnValues.micros(createdAt), version, version);
        long number;
        try (ResultSet row = insert.executeQuery()) {
            row.next();
            number = row.getLong(1);
        }
        insertColumns(number, definition.columns());
        PreparedStatement property =
                statements.get("INSERT INTO akidb_properties (table_number, name, value) VALUES (?, ?, ?)");
        for (Map.Entry<String, String> entry : definition.properties().entrySet()) {
            bind(property, number, entry.getKey(), entry.getValue());
            property.executeUpdate();
        }
        for (String sql : TableDdl.create(new TableNames(number), definition)) {
            Database.execute(statements.connection(), sql);
        }
        return new StoredTable(number, id, definition, createdAt, new Progress(version, 1, 0, 0));
    }

    private void insertColumns(long table, List<Column> columns) throws SQLException {
        PreparedStatement insert = statements.get("""
                INSERT INTO akidb_columns (table_number, number, position, name, type, required, dimension, metric)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)""");
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            Metric metric = column.metric();
            bind(
                    insert,
                    table,
                    i + 1,
                    i + 1,
                    column.name(),
                    column.type().name(),
                    column.required(),
                    column.dimension(),
                    metric == null ? null : metric.name());
            insert.executeUpdate();
        }
    }

    /** Drops a table as of a commit, inside the transaction that is open. */
    void delete(StoredTable table, long version) throws SQLException {
        for (String sql : TableDdl.drop(new TableNames(table.number()), table.definition())) {
            Database.execute(statements.connection(), sql);
        }
        for (String catalogTable : List.of("akidb_columns", "akidb_properties")) {
            update("DELETE FROM " + catalogTable + " WHERE table_number = ?", table.number());
        }
        update("DELETE FROM akidb_tables WHERE number = ?", table.number());
        update("UPDATE akidb_state SET version = ?", version);
    }

    /** Records how far a table has come, inside the transaction that is open. */
    void advance(StoredTable table, long version, long rowCount) throws SQLException {
        PreparedStatement update =
                statements.get("UPDATE akidb_tables SET version = ?, next_row = ?, row_count = ? WHERE number = ?");
        update.setLong(1, version);
        update.setLong(2, table.nextRow());
        update.setLong(3, rowCount);
        update.setLong(4, table.number());
        update.executeUpdate();
    }

    private void update(String sql, Object... values) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        bind(statement, values);
        statement.executeUpdate();
    }

    private static void bind(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }
}
