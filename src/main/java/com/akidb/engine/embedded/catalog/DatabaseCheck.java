package com.akidb.engine.embedded.catalog;

import com.akidb.engine.ColumnType;
import com.akidb.engine.embedded.file.Database;
import com.akidb.engine.embedded.file.StoredDatabase;
import com.akidb.engine.embedded.sql.WatchedConnection;
import com.akidb.error.AkidbException;
import com.akidb.error.UnavailableException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.springframework.modulith.NamedInterface;

/**
 * Reads all of a database and says what is wrong with it: first what SQLite finds, page by page, then where the list of
 * tables and the tables themselves do not agree.
 */
@NamedInterface("storage")
public final class DatabaseCheck {

    private static final int MOST_PROBLEMS = 100;

    /** Formats before this one lack parts of the catalogue that are compared. */
    private static final int COMPARED_SINCE_FORMAT = 2;

    private final Connection reader;
    private final Consumer<String> progress;
    private final List<String> problems = new ArrayList<>();

    private DatabaseCheck(Connection reader, Consumer<String> progress) {
        this.reader = reader;
        this.progress = progress;
    }

    /** A table as the catalogue has it. */
    private record Listed(TableNames names, String name, long rows, String vectorCounts) {}

    /** A column as the catalogue has it. */
    private record ListedColumn(int number, String name, boolean vector, int dimension) {}

    /**
     * What is wrong with a database to which nothing is written.
     *
     * @return sentences, at most 100; none if all is well
     */
    public static List<String> problems(Path database) {
        return problems(database, step -> {}, () -> false);
    }

    /**
     * The same, for a database that others may write to: it is read as of one commit, and the log grows meanwhile by what they write.
     *
     * @param progress told of each step, in words
     * @param isOver whether the caller has given up
     * @throws UnavailableException if it was over before the end
     */
    public static List<String> problems(Path database, Consumer<String> progress, BooleanSupplier isOver) {
        try {
            StoredDatabase.version(database);
        } catch (AkidbException refused) {
            return List.of(refused.detail());
        }
        try (WatchedConnection opened = new Database(database).openReader()) {
            opened.watch().begin(isOver);
            DatabaseCheck check = new DatabaseCheck(opened.connection(), progress);
            Database.execute(opened.connection(), "BEGIN");
            check.run();
            return check.problems.stream().limit(MOST_PROBLEMS).toList();
        } catch (SQLException e) {
            if (isOver.getAsBoolean()) {
                throw new UnavailableException("The check of " + database + " was ended before it was done", e);
            }
            return List.of("it cannot be read to the end: " + e.getMessage());
        }
    }

    private void run() throws SQLException {
        progress.accept("reading the pages of the database");
        problems.addAll(strings("PRAGMA integrity_check(" + MOST_PROBLEMS + ")"));
        problems.remove("ok");
        if (problems.isEmpty() && Database.number(reader, "PRAGMA user_version") >= COMPARED_SINCE_FORMAT) {
            compareCatalog();
        }
    }

    private void compareCatalog() throws SQLException {
        Set<String> stored = new HashSet<>(strings("SELECT name FROM sqlite_schema WHERE type = 'table'"));
        List<Listed> tables = listed();
        for (int i = 0; i < tables.size(); i++) {
            progress.accept("comparing table " + (i + 1) + " of " + tables.size() + " with the catalogue");
            compare(tables.get(i), stored);
        }
        Set<String> known = new HashSet<>();
        tables.forEach(table -> known.add(table.names().rows()));
        stored.stream()
                .filter(name -> name.matches("rows_\\d+") && !known.contains(name))
                .forEach(name -> problems.add("it has rows of a table that it does not list: " + name));
    }

    private void compare(Listed table, Set<String> stored) throws SQLException {
        String rows = table.names().rows();
        List<ListedColumn> columns = columns(table.names().number());
        List<String> parts = new ArrayList<>(List.of(rows, table.names().changes()));
        for (ListedColumn column : columns) {
            if (column.vector()) {
                parts.add(table.names().vectors(column.number()));
                parts.add(table.names().cells(column.number()));
            }
        }
        List<String> missing =
                parts.stream().filter(part -> !stored.contains(part)).toList();
        if (!missing.isEmpty()) {
            problems.add("the table '" + table.name() + "' lacks " + String.join(", ", missing));
            return;
        }
        Set<String> scalars = new HashSet<>(strings("SELECT name FROM pragma_table_info('" + rows + "')"));
        TreeMap<Integer, Long> vectors = new TreeMap<>();
        for (ListedColumn column : columns) {
            if (column.vector()) {
                vectors.put(column.number(), compareVectors(table, column));
            } else if (!scalars.contains(TableNames.column(column.number()))) {
                problems.add("the table '" + table.name() + "' lacks the values of its column '" + column.name() + "'");
            }
        }
        compareVectorCounts(table, vectors);
        long count = Database.number(reader, "SELECT count(*) FROM " + rows);
        if (count != table.rows()) {
            problems.add(
                    "the table '" + table.name() + "' has " + count + " rows, and the catalogue says " + table.rows());
        }
    }

    private void compareVectorCounts(Listed table, TreeMap<Integer, Long> counted) {
        String counts = counted.entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(","));
        String listed = Arrays.stream(table.vectorCounts().split(","))
                .filter(count -> !count.isEmpty() && !count.endsWith("=0"))
                .sorted(Comparator.comparing(count -> Integer.valueOf(count.substring(0, count.indexOf('=')))))
                .collect(Collectors.joining(","));
        if (!counts.equals(listed)) {
            problems.add("the table '" + table.name() + "' has vectors of its columns " + counts
                    + ", and the catalogue says " + listed);
        }
    }

    /** The vectors that a column has. */
    private long compareVectors(Listed table, ListedColumn column) throws SQLException {
        String vectors = table.names().vectors(column.number());
        String where = "the column '" + column.name() + "' of the table '" + table.name() + "' has ";
        long lengths = Database.number(
                reader,
                "SELECT count(*) FROM " + vectors + " WHERE length(vector) != "
                        + (long) column.dimension() * Float.BYTES);
        if (lengths > 0) {
            problems.add(where + lengths + " vectors that have not " + column.dimension() + " dimensions");
        }
        long lost = Database.number(
                reader,
                "SELECT count(*) FROM " + vectors + " WHERE row NOT IN (SELECT id FROM "
                        + table.names().rows() + ")");
        if (lost > 0) {
            problems.add(where + lost + " vectors of rows that are not there");
        }
        return Database.number(reader, "SELECT count(*) FROM " + vectors);
    }

    private List<Listed> listed() throws SQLException {
        List<Listed> tables = new ArrayList<>();
        try (Statement statement = reader.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT number, name, row_count, vector_counts FROM akidb_tables ORDER BY number")) {
            while (row.next()) {
                tables.add(
                        new Listed(new TableNames(row.getLong(1)), row.getString(2), row.getLong(3), row.getString(4)));
            }
        }
        return tables;
    }

    private List<ListedColumn> columns(long table) throws SQLException {
        List<ListedColumn> columns = new ArrayList<>();
        try (PreparedStatement select = reader.prepareStatement(
                "SELECT number, name, type, dimension FROM akidb_columns WHERE table_number = ? ORDER BY position")) {
            select.setLong(1, table);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    boolean vector = row.getString(3).equals(ColumnType.VECTOR.name());
                    columns.add(new ListedColumn(row.getInt(1), row.getString(2), vector, row.getInt(4)));
                }
            }
        }
        return columns;
    }

    private List<String> strings(String sql) throws SQLException {
        List<String> all = new ArrayList<>();
        try (Statement statement = reader.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                all.add(row.getString(1));
            }
        }
        return all;
    }
}
