package com.akidb.engine.embedded.catalog;

import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.IndexMethod;
import com.akidb.engine.TableDefinition;
import com.akidb.engine.embedded.catalog.TableRecord.Progress;
import com.akidb.engine.embedded.file.Database;
import com.akidb.engine.embedded.file.Statements;
import com.akidb.engine.embedded.file.StoredDatabase;
import com.akidb.engine.embedded.sql.ColumnValues;
import com.akidb.vector.Metric;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The list of tables inside the database, with their columns and declared indexes. For the thread of its connection;
 * changes belong to the transaction that is open.
 */
public final class Catalog {

    private static final String TABLES = """
        SELECT number, id, name, key_column, created_at, version, next_row, row_count, vector_counts
        FROM akidb_tables ORDER BY number\
        """;
    private static final String PROPERTIES = "SELECT name, value FROM akidb_properties WHERE table_number = ?";

    private static final String COLUMNS = """
        SELECT number, name, type, required, is_unique, dimension, metric, default_value
        FROM akidb_columns WHERE table_number = ? ORDER BY position\
        """;
    private static final String COLUMN_PROPERTIES =
            "SELECT column_number, name, value FROM akidb_column_properties WHERE table_number = ?";
    private static final String INDEXES = """
        SELECT number, name, method, columns, metric, parameters, state, built_to, build_until, error
        FROM akidb_indexes WHERE table_number = ? ORDER BY number\
        """;

    private final Statements statements;

    public Catalog(Statements statements) {
        this.statements = statements;
    }

    public Statements statements() {
        return statements;
    }

    /** Sequence number of the last commit. */
    public long version() throws SQLException {
        return StoredDatabase.version(statements.connection());
    }

    /** All tables in the order of their creation. */
    public List<TableRecord> tables() throws SQLException {
        List<TableRecord> tables = new ArrayList<>();
        try (ResultSet row = statements.get(TABLES).executeQuery()) {
            while (row.next()) {
                tables.add(table(row));
            }
        }
        return tables;
    }

    private TableRecord table(ResultSet row) throws SQLException {
        TableNames names = new TableNames(row.getLong(1));
        List<Numbered> found = columns(names);
        String key = found.stream()
                .filter(isKey(row.getInt(4)))
                .map(numbered -> numbered.column().name())
                .findFirst()
                .orElse("");
        TableDefinition definition = new TableDefinition(
                row.getString(3), found.stream().map(Numbered::column).toList(), key, properties(names.number()));
        TableLayout layout = new TableLayout(
                names, definition, found.stream().map(Numbered::number).toList());
        long loggedChanges = Database.number(statements.connection(), layout.sql().countOfChanges);
        Progress progress = new Progress(
                row.getLong(6), row.getLong(7), row.getLong(8), loggedChanges, vectorCounts(row.getString(9)));
        Instant createdAt = ColumnValues.instant(row.getLong(5));
        return new TableRecord(UUID.fromString(row.getString(2)), layout, createdAt, progress, indexes(names));
    }

    private static java.util.function.Predicate<Numbered> isKey(int keyColumn) {
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
    public boolean isTaken(String name) throws SQLException {
        PreparedStatement select = statements.get("SELECT 1 FROM akidb_tables WHERE name = ?");
        select.setString(1, name);
        try (ResultSet row = select.executeQuery()) {
            return row.next();
        }
    }

    /** Runs changes of the database's structure. */
    public void run(List<String> ddl) throws SQLException {
        for (String sql : ddl) {
            Database.execute(statements.connection(), sql);
        }
    }

    /** Creates a table as of a commit. */
    public TableRecord insert(UUID id, TableDefinition definition, Instant createdAt, long version)
            throws SQLException {
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
            insertColumn(number, layout.number(position), layout.column(position));
        }
        for (Map.Entry<String, String> entry : definition.properties().entrySet()) {
            statements.update(
                    "INSERT INTO akidb_properties (table_number, name, value) VALUES (?, ?, ?)",
                    number,
                    entry.getKey(),
                    entry.getValue());
        }
        run(TableDdl.create(layout));
        return new TableRecord(id, layout, createdAt, new Progress(version, 1, 0, 0, Map.of()), List.of());
    }

    /** Drops a table as of a commit. */
    public void delete(TableRecord table, long version) throws SQLException {
        TableNames names = table.layout().names();
        for (IndexRecord index : table.indexes()) {
            run(index.drop(names));
        }
        run(TableDdl.drop(table.layout()));
        for (String catalogTable :
                List.of("akidb_columns", "akidb_column_properties", "akidb_properties", "akidb_indexes")) {
            statements.update("DELETE FROM " + catalogTable + " WHERE table_number = ?", table.number());
        }
        statements.update("DELETE FROM akidb_tables WHERE number = ?", table.number());
        committed(version);
    }

    /** Records a commit that changed no table that is there. */
    public void committed(long version) throws SQLException {
        statements.update("UPDATE akidb_state SET version = ?", version);
    }

    /** Gives a table another name. */
    public void rename(TableRecord table, String name) throws SQLException {
        statements.update("UPDATE akidb_tables SET name = ? WHERE number = ?", name, table.number());
    }

    /** Records that a commit changed the table's definition. */
    public void altered(TableRecord table, long version) throws SQLException {
        statements.update("UPDATE akidb_tables SET version = ? WHERE number = ?", version, table.number());
    }

    /** Records how far a table has come. */
    public void advance(TableRecord table, Progress progress) throws SQLException {
        PreparedStatement update = statements.get("UPDATE akidb_tables SET version = ?, next_row = ?, row_count = ?,"
                + " vector_counts = ? WHERE number = ?");
        update.setLong(1, progress.version());
        update.setLong(2, progress.nextRow());
        update.setLong(3, progress.rowCount());
        update.setString(4, vectorCounts(progress.vectorCounts()));
        update.setLong(5, table.number());
        update.executeUpdate();
    }

    /** A column and its number. */
    record Numbered(int number, Column column) {}

    /** A table's columns, in order. */
    List<Numbered> columns(TableNames names) throws SQLException {
        Map<Integer, Map<String, String>> properties = columnProperties(names.number());
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

    private Map<Integer, Map<String, String>> columnProperties(long table) throws SQLException {
        Map<Integer, Map<String, String>> properties = new HashMap<>();
        PreparedStatement select = statements.get(COLUMN_PROPERTIES);
        select.setLong(1, table);
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                properties.computeIfAbsent(row.getInt(1), _ -> new HashMap<>()).put(row.getString(2), row.getString(3));
            }
        }
        return properties;
    }

    /** Takes a number for a column that is added. */
    public int takeColumnNumber(long table) throws SQLException {
        PreparedStatement take = statements.get(
                "UPDATE akidb_tables SET next_column = next_column + 1 WHERE number = ? RETURNING next_column - 1");
        take.setLong(1, table);
        try (ResultSet row = take.executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }

    /** Adds a column behind those that are there; numbers rise with positions. */
    public void insertColumn(long table, int number, Column column) throws SQLException {
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
        insertColumnProperties(table, number, column.properties());
    }

    private void insertColumnProperties(long table, int number, Map<String, String> properties) throws SQLException {
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

    public void replaceColumnProperties(long table, int number, Map<String, String> properties) throws SQLException {
        deleteColumnProperties(table, number);
        insertColumnProperties(table, number, properties);
    }

    private void deleteColumnProperties(long table, int number) throws SQLException {
        statements.update(
                "DELETE FROM akidb_column_properties WHERE table_number = ? AND column_number = ?", table, number);
    }

    public void renameColumn(long table, int number, String name) throws SQLException {
        statements.update(
                "UPDATE akidb_columns SET name = ? WHERE table_number = ? AND number = ?", name, table, number);
    }

    /** Puts a column in the place of another that is deleted. */
    public void takePlace(long table, int number, int of) throws SQLException {
        statements.update(
                "UPDATE akidb_columns SET position = (SELECT position FROM akidb_columns WHERE table_number = ?1"
                        + " AND number = ?3) WHERE table_number = ?1 AND number = ?2",
                table,
                number,
                of);
    }

    public void deleteColumn(long table, int number) throws SQLException {
        deleteColumnProperties(table, number);
        statements.update("DELETE FROM akidb_columns WHERE table_number = ? AND number = ?", table, number);
    }

    /** A table's indexes in the order in which they were made. */
    public List<IndexRecord> indexes(TableNames names) throws SQLException {
        List<IndexRecord> indexes = new ArrayList<>();
        PreparedStatement select = statements.get(INDEXES);
        select.setLong(1, names.number());
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                String metric = row.getString(5);
                indexes.add(new IndexRecord(
                        row.getInt(1),
                        row.getString(2),
                        IndexMethod.valueOf(row.getString(3)),
                        numbers(row.getString(4)),
                        metric == null ? null : Metric.valueOf(metric),
                        parameters(row.getString(6)),
                        IndexRecord.State.valueOf(row.getString(7).toUpperCase(Locale.ROOT)),
                        row.getLong(8),
                        row.getLong(9),
                        row.getString(10)));
            }
        }
        return indexes;
    }

    private static List<Integer> numbers(String text) {
        return Arrays.stream(text.split(",", -1)).map(Integer::valueOf).toList();
    }

    private static Map<String, Integer> parameters(String text) {
        Map<String, Integer> parameters = new HashMap<>();
        if (!text.isEmpty()) {
            for (String pair : text.split(",", -1)) {
                int sign = pair.indexOf('=');
                parameters.put(pair.substring(0, sign), Integer.valueOf(pair.substring(sign + 1)));
            }
        }
        return parameters;
    }

    /** Takes a number for an index that is made. */
    public int takeIndexNumber(long table) throws SQLException {
        PreparedStatement take = statements.get(
                "UPDATE akidb_tables SET next_index = next_index + 1 WHERE number = ? RETURNING next_index - 1");
        take.setLong(1, table);
        try (ResultSet row = take.executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }

    /** Adds an index, or replaces what is known of one. */
    public void putIndex(long table, IndexRecord index) throws SQLException {
        Metric metric = index.metric();
        statements.update(
                """
                INSERT OR REPLACE INTO akidb_indexes (table_number, number, name, method, columns, metric, parameters,
                  state, built_to, build_until, error)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
                """,
                table,
                index.number(),
                index.name(),
                index.method().name(),
                index.columns().stream().map(String::valueOf).collect(Collectors.joining(",")),
                metric == null ? null : metric.name(),
                new TreeMap<>(index.parameters())
                        .entrySet().stream()
                                .map(entry -> entry.getKey() + "=" + entry.getValue())
                                .collect(Collectors.joining(",")),
                index.state().name().toLowerCase(Locale.ROOT),
                index.builtTo(),
                index.buildUntil(),
                index.error());
    }

    public void deleteIndex(long table, int number) throws SQLException {
        statements.update("DELETE FROM akidb_indexes WHERE table_number = ? AND number = ?", table, number);
    }

    private static String vectorCounts(Map<Integer, Long> counts) {
        return new TreeMap<>(counts)
                .entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining(","));
    }

    /** How many vectors columns have, by the numbers of the columns, as the list of tables keeps it. */
    public static Map<Integer, Long> vectorCounts(String text) {
        Map<Integer, Long> counts = new TreeMap<>();
        if (!text.isEmpty()) {
            for (String pair : text.split(",", -1)) {
                int sign = pair.indexOf('=');
                counts.put(Integer.valueOf(pair.substring(0, sign)), Long.valueOf(pair.substring(sign + 1)));
            }
        }
        return counts;
    }
}
