package com.akidb.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.command.TestCommands;
import com.akidb.engine.TableEngine;
import com.akidb.engine.embedded.Engines;
import com.akidb.error.CorruptDataException;
import com.akidb.error.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code akidb compact} makes of a database. */
class DatabaseCompactionTests {

    @TempDir
    private Path data;

    private Path database;

    @BeforeEach
    void fill() {
        Shelf.fill(data, "one", "two");
        database = data.resolve("akidb.db");
    }

    private long ask(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            return result.next() ? result.getLong(1) : -1;
        }
    }

    private void run(String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Test
    void makesAnOldDatabaseSmallerAndOneThatGivesRoomBack() throws SQLException, IOException {
        run("PRAGMA journal_mode=DELETE", "PRAGMA auto_vacuum=NONE", "VACUUM");
        run("CREATE TABLE junk (bytes BLOB)", "INSERT INTO junk VALUES (zeroblob(5000000))", "DROP TABLE junk");
        assertThat(ask("PRAGMA auto_vacuum")).isZero();
        long before = Files.size(database);
        assertThat(before).isGreaterThan(5_000_000);

        TestCommands.Ran ran = TestCommands.run("compact", "--data-dir", data.toString());

        assertThat(ran.err()).isEqualTo("Copying the database\nReading it back\nGiving it its name\n");
        assertThat(ran.out())
                .isEqualTo(database + ": " + before + " bytes before, " + Files.size(database) + " after\n");
        assertThat(ran.status()).isZero();
        assertThat(Files.size(database)).isLessThan(500_000);
        assertThat(ask("PRAGMA auto_vacuum")).isEqualTo(2);
        assertThat(Shelf.read(data)).isEqualTo(new TreeMap<>(Map.of("k0", "one", "k1", "two")));
        assertThat(DataCheck.run(data, Clock.systemUTC())).isEmpty();
    }

    @Test
    void leavesTheDatabaseOfAServerAlone() throws IOException {
        byte[] before = Files.readAllBytes(database);
        try (TableEngine _ = Engines.open(data)) {
            assertThatThrownBy(() -> DatabaseCompaction.run(data, Clock.systemUTC(), step -> {}))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("in use");
        }
        assertThat(Files.size(database)).isEqualTo(before.length);
    }

    @Test
    void leavesADamagedDatabaseAsItIs() throws IOException {
        byte[] bytes = Files.readAllBytes(database);
        Arrays.fill(bytes, 8_192 * 3, bytes.length, (byte) 0x55);
        Files.write(database, bytes);
        assertThatThrownBy(() -> DatabaseCompaction.run(data, Clock.systemUTC(), step -> {}))
                .isInstanceOf(CorruptDataException.class);
        assertThat(Files.readAllBytes(database)).isEqualTo(bytes);
        assertThat(data.resolve("akidb.db.compact")).doesNotExist();
    }
}
