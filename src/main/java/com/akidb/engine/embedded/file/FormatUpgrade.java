package com.akidb.engine.embedded.file;

import com.akidb.engine.embedded.sql.ColumnValues;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a database of an older format up to this one, all of it or nothing. Vectors stay where they are. Its SQL is that
 * of the format it leads to and does not follow later ones.
 */
final class FormatUpgrade {

    private static final Logger log = LoggerFactory.getLogger(FormatUpgrade.class);

    private FormatUpgrade() {}

    /**
     * Does nothing if the format is the newest.
     *
     * @param clock tells the time that rows of format 1, which did not keep theirs, are said to have changed at
     */
    static void run(Connection connection, Clock clock) throws SQLException {
        long format = Database.number(connection, "PRAGMA user_version");
        if (format == Schema.VERSION) {
            return;
        }
        log.info("Upgrading the database from format {} to {}", format, Schema.VERSION);
        Database.transaction(connection, () -> {
            if (format == 1) {
                fromOneToTwo(connection, ColumnValues.micros(clock.instant()));
            }
            if (format <= 2) {
                fromTwoToThree(connection);
            }
            if (format <= 3) {
                fromThreeToFour(connection);
            }
            fromFourToFive(connection);
        });
    }

    private static void fromOneToTwo(Connection connection, long now) throws SQLException {
        for (String sql : List.of(
                "ALTER TABLE akidb_tables ADD COLUMN next_column INTEGER NOT NULL DEFAULT 1",
                "ALTER TABLE akidb_tables ADD COLUMN next_index INTEGER NOT NULL DEFAULT 1",
                "ALTER TABLE akidb_tables ADD COLUMN vector_counts TEXT NOT NULL DEFAULT ''",
                "UPDATE akidb_tables SET next_column = 1 + coalesce((SELECT max(c.number) FROM akidb_columns c"
                        + " WHERE c.table_number = akidb_tables.number), 0)",
                "ALTER TABLE akidb_columns ADD COLUMN is_unique INTEGER NOT NULL DEFAULT 0",
                "ALTER TABLE akidb_columns ADD COLUMN default_value ANY",
                Schema.COLUMN_PROPERTIES,
                Schema.INDEXES)) {
            Database.execute(connection, sql);
        }
        for (long table : numbers(connection, "SELECT number FROM akidb_tables")) {
            upgradeTable(connection, table, now);
        }
    }

    /** Text indexes take in other terms: they are made anew, empty, and filled in the background. */
    private static void fromTwoToThree(Connection connection) throws SQLException {
        record TextIndex(long table, long number, List<String> columns) {}
        List<TextIndex> indexes = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet index = statement.executeQuery(
                        "SELECT table_number, number, columns FROM akidb_indexes WHERE method = 'TEXT'")) {
            while (index.next()) {
                indexes.add(new TextIndex(
                        index.getLong(1),
                        index.getLong(2),
                        List.of(index.getString(3).split(","))));
            }
        }
        for (TextIndex index : indexes) {
            upgradeTextIndex(connection, index.table(), index.number(), index.columns());
        }
    }

    private static void upgradeTextIndex(Connection connection, long table, long number, List<String> columns)
            throws SQLException {
        String rows = "rows_" + table;
        String text = "text_" + table + "_" + number;
        String names = columns.stream().map("t"::concat).collect(Collectors.joining(", "));
        String sources = columns.stream().map("c"::concat).collect(Collectors.joining(", "));
        String insert = "INSERT INTO " + text + " (rowid, " + names + ") VALUES (new.id, "
                + columns.stream()
                        .map(column -> "akidb_terms(new.c" + column + ")")
                        .collect(Collectors.joining(", "))
                + ");";
        String delete = "DELETE FROM " + text + " WHERE rowid = old.id;";
        for (String sql : List.of(
                "DROP TRIGGER IF EXISTS " + text + "_insert",
                "DROP TRIGGER IF EXISTS " + text + "_delete",
                "DROP TRIGGER IF EXISTS " + text + "_update",
                "DROP TABLE IF EXISTS " + text,
                "CREATE VIRTUAL TABLE " + text + " USING fts5(" + names + ", content='', contentless_delete=1,"
                        + " tokenize='unicode61 remove_diacritics 2 categories ''L* M* N* Co''')",
                "CREATE TRIGGER " + text + "_insert AFTER INSERT ON " + rows + " BEGIN " + insert + " END",
                "CREATE TRIGGER " + text + "_delete AFTER DELETE ON " + rows + " BEGIN " + delete + " END",
                "CREATE TRIGGER " + text + "_update AFTER UPDATE OF " + sources + " ON " + rows + " BEGIN " + delete
                        + " " + insert + " END",
                "UPDATE akidb_indexes SET state = 'building', error = NULL, built_to = 0,"
                        + " build_until = (SELECT coalesce(max(id), 0) FROM " + rows + ") WHERE table_number = " + table
                        + " AND number = " + number)) {
            Database.execute(connection, sql);
        }
    }

    private static void fromThreeToFour(Connection connection) throws SQLException {
        Database.execute(connection, Schema.RECEIPTS);
    }

    private static void fromFourToFive(Connection connection) throws SQLException {
        for (String sql : Schema.NOTES) {
            Database.execute(connection, sql);
        }
        Database.execute(connection, "PRAGMA user_version=5");
    }

    private static void upgradeTable(Connection connection, long table, long now) throws SQLException {
        String changes = "changes_" + table;
        for (String sql : List.of(
                "ALTER TABLE rows_" + table + " ADD COLUMN changed_at INTEGER NOT NULL DEFAULT " + now,
                "ALTER TABLE " + changes + " RENAME TO " + changes + "_old",
                "CREATE TABLE " + changes + " (version INTEGER NOT NULL, row INTEGER NOT NULL, key TEXT,"
                        + " PRIMARY KEY (version, row)) STRICT, WITHOUT ROWID",
                "INSERT INTO " + changes + " SELECT version, row, key FROM " + changes + "_old",
                "DROP TABLE " + changes + "_old")) {
            Database.execute(connection, sql);
        }
        StringJoiner counts = new StringJoiner(",");
        String vectorColumns =
                "SELECT number FROM akidb_columns WHERE type = 'VECTOR' AND table_number = " + table + " ORDER BY 1";
        for (long column : numbers(connection, vectorColumns)) {
            String cells = "cells_" + table + "_" + column;
            Database.execute(
                    connection,
                    "CREATE TABLE " + cells + " (row INTEGER PRIMARY KEY, state INTEGER NOT NULL,"
                            + " stamp INTEGER NOT NULL, kept INTEGER NOT NULL, error TEXT) STRICT");
            Database.execute(connection, "CREATE INDEX " + cells + "_state ON " + cells + " (state, row)");
            counts.add(
                    column + "=" + Database.number(connection, "SELECT count(*) FROM vectors_" + table + "_" + column));
        }
        Database.execute(
                connection, "UPDATE akidb_tables SET vector_counts = '" + counts + "' WHERE number = " + table);
    }

    private static List<Long> numbers(Connection connection, String sql) throws SQLException {
        List<Long> numbers = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                numbers.add(result.getLong(1));
            }
        }
        return numbers;
    }
}
