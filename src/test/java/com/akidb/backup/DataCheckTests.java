package com.akidb.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.command.TestCommands;
import com.akidb.engine.TableEngine;
import com.akidb.engine.embedded.Engines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code akidb verify} finds in directories that were damaged in ways SQLite itself does and does not see. */
class DataCheckTests {

    @TempDir
    private Path data;

    @BeforeEach
    void fill() {
        Shelf.fill(data, "one", "two");
    }

    private List<DataCheck.Problem> check() {
        return DataCheck.run(data, Clock.systemUTC());
    }

    @Test
    void findsNothingWhereNothingIsWrong() {
        assertThat(check()).isEmpty();
        assertThat(TestCommands.run("verify", "--data-dir", data.toString()))
                .isEqualTo(new TestCommands.Ran(0, data + ": nothing is wrong\n", ""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        UPDATE akidb_tables SET row_count = 5                              | has 2 rows, and the catalogue says 5
        UPDATE vectors_1_4 SET vector = x'00' WHERE row = 1                | 1 vectors that have not 2 dimensions
        DELETE FROM rows_1 WHERE id = 1                                    | 1 vectors of rows that are not there
        DELETE FROM vectors_1_4                                            | and the catalogue says 4=2
        DROP TABLE cells_1_4                                               | lacks cells_1_4
        CREATE TABLE rows_7 (id INTEGER)                                   | does not list: rows_7
        PRAGMA application_id = 1                                          | not one of AkiDB's
        """)
    void findsWhereTheListOfTablesAndTheTablesDisagree(String damage, String found) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("akidb.db"));
                Statement statement = connection.createStatement()) {
            statement.execute(damage);
        }
        assertThat(check()).anySatisfy(problem -> {
            assertThat(problem.file()).isEqualTo(data.resolve("akidb.db"));
            assertThat(problem.what()).contains(found);
            assertThat(problem.harmless()).isFalse();
        });
    }

    @Test
    void namesTheFileThatIsDamaged() throws Exception {
        Path database = data.resolve("akidb.db");
        byte[] bytes = Files.readAllBytes(database);
        for (int page = 8_192; page < bytes.length; page += 8_192) {
            bytes[page] ^= 0x55;
        }
        Path keys = data.resolve("security/keys.json");
        Files.createDirectories(keys.getParent());
        Files.writeString(keys, "{");
        Path snapshot = data.resolve("indexes/some.snapshot");
        Files.createDirectories(snapshot.getParent());
        Files.writeString(snapshot, "no snapshot at all, but long enough to have a beginning and an end");

        assertThat(check()).extracting(DataCheck.Problem::file).containsExactly(keys, snapshot);
        Files.write(database, bytes);
        TestCommands.Ran ran = TestCommands.run("verify", "--data-dir", data.toString());
        assertThat(ran.status()).isOne();
        assertThat(ran.out()).contains(database + ": ", keys + ": ", snapshot + ": ", "the server builds it anew");
    }

    @Test
    void refusesADirectoryInUseOrMissing() {
        try (TableEngine engine = Engines.open(data)) {
            assertThat(engine.tables()).hasSize(1);
            assertThat(TestCommands.run("verify", "--data-dir", data.toString()).err())
                    .contains("in use");
        }
        assertThat(TestCommands.run("verify", "--data-dir", data.resolve("none").toString())
                        .err())
                .isEqualTo("akidb: There is no directory " + data.resolve("none") + "\n");
    }
}
