package com.akidb.engine.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.engine.Alteration;
import com.akidb.engine.CellCounts;
import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.Fixtures;
import com.akidb.engine.Mutation;
import com.akidb.engine.OnConflict;
import com.akidb.engine.Row;
import com.akidb.engine.RowSelection;
import com.akidb.engine.SearchResult.Hit;
import com.akidb.engine.Table;
import com.akidb.engine.TextSearch;
import com.akidb.engine.TextSearch.TextHit;
import com.akidb.engine.embedded.catalog.DatabaseCheck;
import com.akidb.error.AkidbException;
import com.akidb.vector.VectorCodec;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts on databases of older formats, made by the statements of their time. */
class FormatUpgradeTests {

    private static final UUID ID = UUID.fromString("ed4fcdc1-4032-4f74-a363-53cef8b08d8d");

    private static final List<String> FORMAT_1 = List.of(
            "PRAGMA page_size=8192",
            "PRAGMA journal_mode=WAL",
            "CREATE TABLE akidb_state (version INTEGER NOT NULL) STRICT",
            "INSERT INTO akidb_state VALUES (0)",
            """
            CREATE TABLE akidb_tables (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
              name TEXT NOT NULL UNIQUE, key_column INTEGER NOT NULL, created_at INTEGER NOT NULL,
              version INTEGER NOT NULL, next_row INTEGER NOT NULL, row_count INTEGER NOT NULL,
              changes_after INTEGER NOT NULL) STRICT\
            """,
            """
            CREATE TABLE akidb_columns (table_number INTEGER NOT NULL, number INTEGER NOT NULL,
              position INTEGER NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL, required INTEGER NOT NULL,
              dimension INTEGER NOT NULL, metric TEXT, PRIMARY KEY (table_number, number)) STRICT, WITHOUT ROWID\
            """,
            """
            CREATE TABLE akidb_properties (table_number INTEGER NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
              PRIMARY KEY (table_number, name)) STRICT, WITHOUT ROWID\
            """,
            "PRAGMA application_id=" + 0x416b_6901,
            "PRAGMA user_version=1",
            "INSERT INTO akidb_tables VALUES (1, '" + ID + "', 'documents', 1, 1000000, 4, 5, 3, 1)",
            "INSERT INTO akidb_columns VALUES (1, 1, 1, 'id', 'STRING', 1, 0, NULL)",
            "INSERT INTO akidb_columns VALUES (1, 2, 2, 'text', 'STRING', 1, 0, NULL)",
            "INSERT INTO akidb_columns VALUES (1, 3, 3, 'metadata', 'JSON', 0, 0, NULL)",
            "INSERT INTO akidb_columns VALUES (1, 4, 4, 'vector', 'VECTOR', 0, 2, 'COSINE')",
            "INSERT INTO akidb_properties VALUES (1, 'kind', 'collection')",
            "CREATE TABLE vectors_1_4 (row INTEGER PRIMARY KEY, vector BLOB NOT NULL) STRICT",
            "CREATE TABLE rows_1 (id INTEGER PRIMARY KEY, version INTEGER NOT NULL, c1 TEXT NOT NULL, c2 TEXT NOT NULL,"
                    + " c3 TEXT) STRICT",
            "CREATE UNIQUE INDEX rows_1_key ON rows_1 (c1)",
            "CREATE TABLE changes_1 (version INTEGER NOT NULL, row INTEGER NOT NULL, key TEXT NOT NULL,"
                    + " PRIMARY KEY (version, row)) STRICT, WITHOUT ROWID",
            "INSERT INTO rows_1 VALUES (1, 2, 'a', 'first', '{\"area\":\"north\"}')",
            "INSERT INTO rows_1 VALUES (3, 3, 'b', 'second', NULL)",
            "INSERT INTO rows_1 VALUES (4, 4, 'c', 'third', NULL)",
            "INSERT INTO changes_1 VALUES (4, 2, 'gone')");

    @TempDir
    Path directory;

    @Test
    void bringsADatabaseOfFormatOneUpWithAllThatIsInIt() throws SQLException {
        writeFormatOne();
        Instant start = Instant.now().minusMillis(1);
        for (int opening = 0; opening < 2; opening++) {
            try (EmbeddedTableEngine engine = Engines.open(directory)) {
                Table table = engine.find("documents").orElseThrow();
                assertThat(table.id()).isEqualTo(ID);
                assertThat(table.definition()).isEqualTo(Fixtures.documents("documents"));
                assertThat(table.createdAt()).isEqualTo(Instant.ofEpochSecond(1));
                assertThat(table.rowCount()).isEqualTo(3);
                assertThat(engine.version()).isEqualTo(4);
                List<Row> rows = engine.reader(ID).list(0, 10, true).rows();
                assertThat(rows).extracting(Row::rowId).containsExactly(1L, 3L, 4L);
                assertThat(rows).allMatch(row -> row.changedAt().isAfter(start));
                assertThat(rows.getFirst().values().subList(0, 3))
                        .containsExactly("a", "first", "{\"area\":\"north\"}");
                assertThat((float[]) rows.get(1).values().get(3)).containsExactly(0, 1);
                assertThat(engine.reader(ID).countCells("vector")).isEqualTo(new CellCounts(2, 0, 0, 1));
                assertThat(engine.reader(ID).search(Fixtures.search(5, 0, 1)).hits())
                        .extracting(Hit::row)
                        .extracting(Row::rowId)
                        .containsExactly(3L, 1L);
            }
        }
        try (EmbeddedTableEngine engine = Engines.open(directory)) {
            Fixtures.done(engine.write(
                    ID, new Mutation.Insert(List.of(Fixtures.document("d", "new", 1, 1)), OnConflict.ERROR)));
            assertThat(engine.reader(ID).get("d", false).orElseThrow().rowId()).isEqualTo(5);
            Fixtures.done(engine.write(ID, new Mutation.Update(RowSelection.keys("a"), Map.of("text", "other"))));
            engine.alter(
                    ID,
                    new Alteration.AddColumn(
                            Column.of("more", ColumnType.INT, false).withDefault(1L), null));
            assertThat(engine.reader(ID).get("a", false).orElseThrow().values())
                    .containsExactly("a", "other", "{\"area\":\"north\"}", null, 1L);
        }
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                var gone = statement.executeQuery("SELECT key FROM changes_1 WHERE version = 4 AND row = 2")) {
            assertThat(gone.getString(1)).isEqualTo("gone");
        }
    }

    @Test
    void leavesAnOldDatabaseAsItIsWhenItCannotBeUpgraded() throws SQLException {
        writeFormatOne();
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE vectors_1_4");
        }
        assertThatThrownBy(() -> Engines.open(directory)).isInstanceOf(AkidbException.class);
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                var version = statement.executeQuery("PRAGMA user_version")) {
            assertThat(version.getInt(1)).isEqualTo(1);
            statement.execute("INSERT INTO changes_1 VALUES (9, 9, 'still the old table')");
            statement.execute("CREATE TABLE vectors_1_4 (row INTEGER PRIMARY KEY, vector BLOB NOT NULL) STRICT");
        }
        try (EmbeddedTableEngine engine = Engines.open(directory)) {
            assertThat(engine.reader(ID).list(0, 10, true).rows()).hasSize(3);
        }
    }

    @Test
    void makesTextIndexesOfFormatTwoAnewSoThatTheyFindWhatIsWrittenWithoutSpaces() throws Exception {
        try (InputStream old = new GZIPInputStream(
                Objects.requireNonNull(FormatUpgradeTests.class.getResourceAsStream("/databases/format-2.db.gz")))) {
            Files.copy(old, directory.resolve("akidb.db"));
        }
        for (int opening = 0; opening < 2; opening++) {
            try (EmbeddedTableEngine engine = Engines.open(directory)) {
                Table notes = engine.find("notes").orElseThrow();
                Table posts = engine.find("posts").orElseThrow();
                awaitIndexes(engine, notes, posts);
                assertThat(rows(engine, notes, "桜", "text")).containsExactly(1L);
                assertThat(rows(engine, notes, "カーネル", "text")).containsExactly(2L);
                assertThat(rows(engine, notes, "linux", "text")).containsExactly(2L);
                assertThat(rows(engine, notes, "bridge", "text")).containsExactly(3L);
                assertThat(rows(engine, posts, "大学", "title", "body")).containsExactly(1L);
                assertThat(rows(engine, posts, "图书 snow", "title", "body")).containsExactlyInAnyOrder(1L, 2L);
                assertThat(rows(engine, posts, "图书", "title")).isEmpty();
                Fixtures.done(engine.write(
                        notes.id(),
                        new Mutation.Insert(
                                List.of(Fixtures.document("d" + opening, "紅葉が見える", 1, 1)), OnConflict.ERROR)));
                assertThat(rows(engine, notes, "紅葉", "text")).hasSize(opening + 1);
            }
        }
        assertThat(DatabaseCheck.problems(directory.resolve("akidb.db"))).isEmpty();
    }

    private static void awaitIndexes(EmbeddedTableEngine engine, Table... tables) {
        for (Table table : tables) {
            Awaitility.await()
                    .until(() -> engine.indexes(table.id()).stream()
                            .filter(index -> index.definition() != null)
                            .allMatch(index -> index.state().equals("ready")));
        }
    }

    private static List<Long> rows(EmbeddedTableEngine engine, Table table, String words, String... columns) {
        return engine.reader(table.id()).searchText(new TextSearch(List.of(columns), words, 10, null)).stream()
                .map(TextHit::rowId)
                .toList();
    }

    private void writeFormatOne() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                PreparedStatement vector = prepare(connection, statement)) {
            vector.setLong(1, 1);
            vector.setBytes(2, VectorCodec.encode(new float[] {1, 0}));
            vector.executeUpdate();
            vector.setLong(1, 3);
            vector.setBytes(2, VectorCodec.encode(new float[] {0, 1}));
            vector.executeUpdate();
        }
    }

    private static PreparedStatement prepare(Connection connection, Statement statement) throws SQLException {
        for (String sql : FORMAT_1) {
            statement.execute(sql);
        }
        return connection.prepareStatement("INSERT INTO vectors_1_4 VALUES (?, ?)");
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("akidb.db"));
    }
}
