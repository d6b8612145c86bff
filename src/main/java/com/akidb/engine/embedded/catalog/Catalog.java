package com.akidb.engine.embedded.store;

import com.akidb.engine.TableDefinition;
import com.akidb.engine.embedded.sql.ColumnValues;
import com.akidb.engine.embedded.store.StoredTable.Progress;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The list of tables inside the database. For the thread of its connection. */
final class Catalog {

    private static final String TABLES = """
        SELECT number, id, name, key_column, created_at, version, next_row, row_count, vector_counts
        FROM akidb_tables ORDER BY number\
        """;
    private static final String PROPERTIES = "SELECT name, value FROM akidb_properties WHERE table_number = ?";

    private final Statements statements;
    private final CatalogColumns columns;
    private final CatalogIndexes indexes;

    Catalog(Statements statements) {
        this.statements = statements;
        this.columns = new CatalogColumns(statements);
        this.indexes = new CatalogIndexes(statements);
    }

    Statements statements() {
        return statements;
    }

    CatalogColumns columns() {
        return columns;
    }

    CatalogIndexes indexes() {
        return indexes;
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
        TableNames names = new TableNames(row.getLong(1));
        List<CatalogColumns.Numbered> found = columns.of(names);
        String key = found.stream()
                .filter(isKey(row.getInt(4)))
                .map(numbered -> numbered.column().name())
                .findFirst()
                .orElse("");
        TableDefinition definition = new TableDefinition(
                row.getString(3),
                found.stream().map(CatalogColumns.Numbered::column).toList(),
                key,
                properties(names.number()));
        TableLayout layout = new TableLayout(
                names,
                definition,
                found.stream().map(CatalogColumns.Numbered::number).toList());
        long loggedChanges = Database.number(statements.connection(), layout.sql().countOfChanges);
        Progress progress = new Progress(
                row.getLong(6), row.getLong(7), row.getLong(8), loggedChanges, VectorCounts.parse(row.getString(9)));
        Instant createdAt = ColumnValues.instant(row.getLong(5));
        return new StoredTable(UUID.fromString(row.getString(2)), layout, createdAt, progress, indexes.of(names));
    }

    private static java.util.function.Predicate<CatalogColumns.Numbered> isKey(int keyColumn) {
        return numbered -> numbered.number() == keyColumn;
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
        int columnCount = definition.columns().size();
        int keyColumn = definition.indexOf(definition.primaryKey()) + 1;
        PreparedStatement insert = statements.get("""
            INSERT INTO akidb_tables (id, name, key_column, created_at, version, next_row, row_count, changes_after,
              next_column, next_index, vector_counts)
            VALUES (?, ?, ?, ?, ?, 1, 0, ?, ?, 1, '') RETURNING number\
            """);
        Statements.bind(
                insert,
                id.toString(),
                definition.name(),
                keyColumn,
                ColumnValues.micros(createdAt),
                version,
                version,
                columnCount + 1);
        long number;
        try (ResultSet row = insert.executeQuery()) {
            row.next();
            number = row.getLong(1);
        }
        TableLayout layout = TableLayout.fresh(new TableNames(number), definition);
        for (int position = 0; position < columnCount; position++) {
            columns.insert(number, layout.number(position), layout.column(position));
        }
        for (Map.Entry<String, String> entry : definition.properties().entrySet()) {
            statements.update(
                    "INSERT INTO akidb_properties (table_number, name, value) VALUES (?, ?, ?)",
                    number,
                    entry.getKey(),
                    entry.getValue());
        }
        for (String sql : TableDdl.create(layout)) {
            Database.execute(statements.connection(), sql);
        }
        return new StoredTable(id, layout, createdAt, new Progress(version, 1, 0, 0, Map.of()), List.of());
    }

    /** Drops a table as of a commit, inside the transaction that is open. */
    void delete(StoredTable table, long version) throws SQLException {
        IndexChanges changes = new IndexChanges(this, table);
        for (StoredIndex index : table.indexes()) {
            changes.drop(index);
        }
        for (String sql : TableDdl.drop(table.layout())) {
            Database.execute(statements.connection(), sql);
        }
        for (String catalogTable :
                List.of("akidb_columns", "akidb_column_properties", "akidb_properties", "akidb_indexes")) {
            statements.update("DELETE FROM " + catalogTable + " WHERE table_number = ?", table.number());
        }
        statements.update("DELETE FROM akidb_tables WHERE number = ?", table.number());
        committed(version);
    }

    /** Records a commit that changed no table that is there, inside the transaction that is open. */
    void committed(long version) throws SQLException {
        statements.update("UPDATE akidb_state SET version = ?", version);
    }

    /** Gives a table another name, inside the transaction that is open. */
    void rename(StoredTable table, String name) throws SQLException {
        statements.update("UPDATE akidb_tables SET name = ? WHERE number = ?", name, table.number());
    }

    /** Records that a commit changed the table's definition, inside the transaction that is open. */
    void altered(StoredTable table, long version) throws SQLException {
        statements.update("UPDATE akidb_tables SET version = ? WHERE number = ?", version, table.number());
    }

    /** Records how far a table has come, inside the transaction that is open. */
    void advance(StoredTable table, long version, TableDraft draft) throws SQLException {
        PreparedStatement update = statements.get("UPDATE akidb_tables SET version = ?, next_row = ?, row_count = ?,"
                + " vector_counts = ? WHERE number = ?");
        update.setLong(1, version);
        update.setLong(2, table.nextRow());
        update.setLong(3, draft.rowCount());
        update.setString(4, VectorCounts.text(draft.vectorCounts()));
        update.setLong(5, table.number());
        update.executeUpdate();
    }
}
