package com.akidb.engine.embedded.file;

import com.akidb.error.CorruptDataException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The tables that every database has, and the number of their format. docs/file-format.md describes them. */
final class Schema {

    /** "Aki" and the format family, in the header of the file. */
    static final int APPLICATION_ID = 0x416b_6901;

    /** Raised by one with every change of the format; older ones are upgraded at start. */
    static final int VERSION = 5;

    static final String COLUMN_PROPERTIES = """
        CREATE TABLE akidb_column_properties (
          table_number INTEGER NOT NULL,
          column_number INTEGER NOT NULL,
          name TEXT NOT NULL,
          value TEXT NOT NULL,
          PRIMARY KEY (table_number, column_number, name)
        ) STRICT, WITHOUT ROWID\
        """;

    static final String INDEXES = """
        CREATE TABLE akidb_indexes (
          table_number INTEGER NOT NULL,
          number INTEGER NOT NULL,
          name TEXT NOT NULL,
          method TEXT NOT NULL,
          columns TEXT NOT NULL,
          metric TEXT,
          parameters TEXT NOT NULL,
          state TEXT NOT NULL,
          built_to INTEGER NOT NULL,
          build_until INTEGER NOT NULL,
          error TEXT,
          PRIMARY KEY (table_number, number),
          UNIQUE (table_number, name)
        ) STRICT, WITHOUT ROWID\
        """;

    static final String RECEIPTS = """
        CREATE TABLE akidb_receipts (
          number INTEGER PRIMARY KEY,
          made_at INTEGER NOT NULL,
          total INTEGER NOT NULL,
          key TEXT NOT NULL UNIQUE,
          fingerprint TEXT NOT NULL,
          answer BLOB NOT NULL
        ) STRICT\
        """;

    static final List<String> NOTES = List.of("""
        CREATE TABLE akidb_notes (
          space TEXT NOT NULL,
          key TEXT NOT NULL,
          version INTEGER NOT NULL,
          changed_at INTEGER NOT NULL,
          value BLOB NOT NULL,
          PRIMARY KEY (space, key)
        ) STRICT, WITHOUT ROWID\
        """, "CREATE INDEX akidb_notes_age ON akidb_notes (changed_at)", """
        CREATE TABLE akidb_histories (
          number INTEGER PRIMARY KEY AUTOINCREMENT,
          id TEXT NOT NULL UNIQUE,
          after INTEGER NOT NULL
        ) STRICT\
        """);

    private static final List<String> CREATE =
            List.of("""
                CREATE TABLE akidb_state (
                  version INTEGER NOT NULL
                ) STRICT\
                """, "INSERT INTO akidb_state VALUES (0)", """
                CREATE TABLE akidb_tables (
                  number INTEGER PRIMARY KEY AUTOINCREMENT,
                  id TEXT NOT NULL UNIQUE,
                  name TEXT NOT NULL UNIQUE,
                  key_column INTEGER NOT NULL,
                  created_at INTEGER NOT NULL,
                  version INTEGER NOT NULL,
                  next_row INTEGER NOT NULL,
                  row_count INTEGER NOT NULL,
                  changes_after INTEGER NOT NULL,
                  next_column INTEGER NOT NULL,
                  next_index INTEGER NOT NULL,
                  vector_counts TEXT NOT NULL
                ) STRICT\
                """, """
                CREATE TABLE akidb_columns (
                  table_number INTEGER NOT NULL,
                  number INTEGER NOT NULL,
                  position INTEGER NOT NULL,
                  name TEXT NOT NULL,
                  type TEXT NOT NULL,
                  required INTEGER NOT NULL,
                  dimension INTEGER NOT NULL,
                  metric TEXT,
                  is_unique INTEGER NOT NULL,
                  default_value ANY,
                  PRIMARY KEY (table_number, number)
                ) STRICT, WITHOUT ROWID\
                """, COLUMN_PROPERTIES, """
                CREATE TABLE akidb_properties (
                  table_number INTEGER NOT NULL,
                  name TEXT NOT NULL,
                  value TEXT NOT NULL,
                  PRIMARY KEY (table_number, name)
                ) STRICT, WITHOUT ROWID\
                """, INDEXES, RECEIPTS);

    private Schema() {}

    /** Whether the file is new. */
    static boolean isEmpty(Connection connection) throws SQLException {
        return Database.number(connection, "PRAGMA application_id") == 0
                && Database.number(connection, "PRAGMA user_version") == 0
                && Database.number(connection, "SELECT count(*) FROM sqlite_schema") == 0;
    }

    /** Refuses what this program did not write or does not know yet. */
    static void requireKnown(Connection connection, Path file) throws SQLException {
        if (Database.number(connection, "PRAGMA application_id") != APPLICATION_ID) {
            throw new CorruptDataException("The file " + file + " is a database, but not one of AkiDB's");
        }
        long version = Database.number(connection, "PRAGMA user_version");
        if (version > VERSION) {
            throw new CorruptDataException("The database " + file + " was written by a newer AkiDB: its format is "
                    + version + ", and this version knows formats up to " + VERSION);
        }
        if (version < 1) {
            throw new CorruptDataException("The database " + file + " has an unknown format, " + version);
        }
    }

    /** Lays out a new database, all of it or nothing. */
    static void create(Connection connection) throws SQLException {
        Database.transaction(connection, () -> {
            for (String sql : CREATE) {
                Database.execute(connection, sql);
            }
            for (String sql : NOTES) {
                Database.execute(connection, sql);
            }
            Database.execute(connection, "PRAGMA application_id=" + APPLICATION_ID);
            Database.execute(connection, "PRAGMA user_version=" + VERSION);
        });
    }
}
