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
        if (Database.number(connection, "PRAGMA user_version") == 1) {
            log.info("Upgrading the database from format 1 to 2");
            Database.transaction(connection, () -> fromOneToTwo(connection, ColumnValues.micros(clock.instant())));
        }
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
        Database.execute(connection, "PRAGMA user_version=2");
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
