package com.akidb.engine.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.engine.Fixtures;
import com.akidb.engine.Mutation;
import com.akidb.engine.OnConflict;
import com.akidb.engine.RowSelection;
import com.akidb.engine.Table;
import com.akidb.engine.TableEngine.Space;
import com.akidb.engine.embedded.catalog.DatabaseCheck;
import com.akidb.engine.embedded.index.IndexProperties;
import com.akidb.engine.embedded.index.TableIndexes;
import com.akidb.error.ConflictException;
import com.akidb.error.UnavailableException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/** What the database takes on the disk while rows come and go. */
class DiskSpaceTests {

    private static final String TEXT = "text ".repeat(2_000);
    private static final int ROWS = 1_000;
    private static final DataSize LOG = DataSize.ofKilobytes(512);

    @TempDir
    Path directory;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private EmbeddedTableEngine engine;
    private Table table;

    @BeforeEach
    void open() {
        EngineProperties defaults = EngineProperties.defaults();
        EngineProperties properties = new EngineProperties(
                defaults.writeQueue(),
                defaults.writeQueueMemory(),
                DataSize.ofBytes(0),
                defaults.readers(),
                defaults.readQueue(),
                LOG,
                10,
                Duration.ofHours(1));
        TableIndexes indexes = new TableIndexes(directory.resolve("indexes"), IndexProperties.defaults(), meters);
        engine = EmbeddedTableEngine.open(directory, properties, indexes, meters, Clock.systemUTC());
        table = engine.create(Fixtures.documents("t"));
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private void insert(int from, int to) {
        for (int first = from; first < to; first += 20) {
            List<List<@Nullable Object>> rows = new ArrayList<>();
            for (int i = first; i < first + 20; i++) {
                rows.add(Fixtures.document("k" + i, TEXT, 1, i));
            }
            Fixtures.done(engine.write(table.id(), new Mutation.Insert(rows, OnConflict.ERROR)));
        }
    }

    private void deleteAll() {
        Fixtures.done(engine.write(table.id(), new Mutation.Delete(new RowSelection.All())));
    }

    private double meter(String name) {
        return meters.get(name).gauge().value();
    }

    private long size(String file) {
        return directory.resolve(file).toFile().length();
    }

    @Test
    void givesRoomBackWhenRowsAreDeleted() {
        insert(0, ROWS);
        Awaitility.await().until(() -> size("akidb.db") > 8_000_000);
        assertThat(meter("akidb.database")).isEqualTo(size("akidb.db"));
        deleteAll();
        Awaitility.await().until(() -> size("akidb.db") < 2_000_000);
        assertThat(meter("akidb.database.free")).isLessThan(1 << 20);
        insert(0, 20);
        assertThat(engine.reader(table.id()).list(0, 100, false).rows()).hasSize(20);
    }

    @Test
    void givesRoomBackWhenAReaderIsDoneThatHeldItUpThoughNothingIsWritten() throws SQLException {
        insert(0, ROWS);
        Awaitility.await().until(() -> size("akidb.db") > 8_000_000);
        try (Connection reader = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("akidb.db"));
                Statement statement = reader.createStatement()) {
            statement.execute("BEGIN");
            statement.executeQuery("SELECT count(*) FROM akidb_tables").close();
            deleteAll();
            Awaitility.await().until(() -> meter("akidb.database.free") < 1 << 20);
            assertThat(size("akidb.db")).isGreaterThan(8_000_000);
        }
        Awaitility.await().until(() -> size("akidb.db") < 2_000_000);
    }

    @Test
    void levelsOffWhenRowsComeAndGo() {
        long most = 0;
        for (int round = 0; round < 6; round++) {
            insert(0, ROWS / 2);
            long now = size("akidb.db");
            assertThat(round < 2 || now < most * 1.3 + 1_000_000)
                    .as("round %d: %d after %d", round, now, most)
                    .isTrue();
            most = Math.max(most, now);
            deleteAll();
        }
    }

    @Test
    void cutsTheLogWhenAReaderThatHeldItUpIsDone() throws SQLException {
        try (Connection reader = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("akidb.db"));
                Statement statement = reader.createStatement()) {
            statement.execute("BEGIN");
            statement.executeQuery("SELECT count(*) FROM akidb_tables").close();
            insert(0, ROWS / 2);
            assertThat(size("akidb.db-wal")).isGreaterThan(4 * LOG.toBytes());
            assertThat(meter("akidb.database.wal")).isEqualTo(size("akidb.db-wal"));
        }
        insert(ROWS, ROWS + 40);
        Awaitility.await().until(() -> {
            insert(0, 0);
            return size("akidb.db-wal") <= 2 * LOG.toBytes();
        });
    }

    @Test
    void keepsAReserveThatGrowsWithTheDatabase() throws IOException {
        insert(0, ROWS);
        Awaitility.await().until(() -> size("akidb.reserve") == LOG.toBytes());
        engine.close();
        assertThat(Files.size(directory.resolve("akidb.reserve"))).isEqualTo(LOG.toBytes());
    }

    @Test
    void isCompactedBesideWritesUntilNothingIsFree() {
        insert(0, ROWS);
        deleteAll();
        List<Space> steps = new ArrayList<>();
        engine.compact(
                space -> {
                    steps.add(space);
                    int at = 20 * steps.size();
                    if (at < 200) {
                        insert(at, at + 20);
                    }
                },
                () -> false);
        assertThat(steps.getLast().freeBytes()).isZero();
        assertThat(steps.getLast().bytes()).isLessThan(4_000_000);
        assertThat(engine.reader(table.id()).list(0, 1_000, false).rows()).hasSizeGreaterThanOrEqualTo(20);
        assertThat(DatabaseCheck.problems(directory.resolve("akidb.db"))).isEmpty();
    }

    @Test
    void isCompactedNoFurtherWhenThatIsNotWantedAnyMore() {
        insert(0, ROWS);
        deleteAll();
        insert(0, 20);
        assertThatThrownBy(() -> engine.compact(space -> {}, () -> true)).isInstanceOf(UnavailableException.class);
    }

    @Test
    void saysWhatToDoAboutADatabaseThatCannotGiveRoomBack() throws SQLException {
        engine.close();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("akidb.db"));
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode=DELETE");
            statement.execute("PRAGMA auto_vacuum=NONE");
            statement.execute("VACUUM");
        }
        engine = Engines.open(directory);
        assertThatThrownBy(() -> engine.compact(space -> {}, () -> false))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("run 'akidb compact' once");
    }
}
