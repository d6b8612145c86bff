package com.akidb.engine.embedded.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.engine.Once;
import com.akidb.engine.embedded.file.Database;
import com.akidb.engine.embedded.file.DatabaseFile;
import com.akidb.engine.embedded.file.Statements;
import com.akidb.engine.embedded.file.StorageFailures;
import com.akidb.engine.embedded.sql.ColumnValues;
import com.akidb.engine.embedded.sql.WatchedConnection;
import com.akidb.error.ConflictException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReceiptsTests {

    private static final Instant START = Instant.parse("2026-11-30T12:00:00Z");
    private static final int MOST = 20;
    private static final int MOST_BYTES = 1_000;

    @TempDir
    private Path directory;

    private Statements statements;
    private Receipts receipts;

    @BeforeEach
    void open() {
        WatchedConnection connection = DatabaseFile.open(
                new Database(directory.resolve("akidb.db")),
                1 << 20,
                new StorageFailures(directory),
                Clock.systemUTC());
        statements = new Statements(connection.connection());
        receipts = new Receipts(statements, MOST, MOST_BYTES);
    }

    @AfterEach
    void close() throws SQLException {
        statements.close();
    }

    private void keep(String key, int bytes, Instant now) throws SQLException {
        receipts.keep(new Once(key, "f", _ -> new byte[0]), new byte[bytes], ColumnValues.micros(now));
    }

    private boolean has(String key, Instant now) throws SQLException {
        return Receipts.find(statements, key, now).isPresent();
    }

    private long count() throws SQLException {
        return Database.number(statements.connection(), "SELECT count(*) FROM akidb_receipts");
    }

    @Test
    void forgetsAReceiptAfterADay() throws SQLException {
        keep("k", 1, START);
        Instant day = START.plus(Duration.ofHours(24));
        assertThat(has("k", day.minusMillis(1))).isTrue();
        assertThat(has("k", day)).isFalse();
        assertThatThrownBy(() -> keep("k", 1, day.minusMillis(1))).isInstanceOf(ConflictException.class);
        keep("k", 1, day);
        assertThat(has("k", day)).isTrue();
        assertThat(count()).isEqualTo(1);
    }

    @Test
    void dropsWhatIsOlderThanADayWithLaterOnes() throws SQLException {
        for (int i = 0; i < 12; i++) {
            keep("old" + i, 1, START);
        }
        Instant later = START.plus(Duration.ofHours(25));
        keep("a", 1, later);
        keep("b", 1, later);
        assertThat(count()).isEqualTo(2);
    }

    @Test
    void keepsNoMoreThanItsNumberAndDropsTheOldest() throws SQLException {
        for (int i = 0; i < 3 * MOST; i++) {
            keep("k" + i, 1, START);
        }
        assertThat(count()).isEqualTo(MOST);
        assertThat(IntStream.range(2 * MOST, 3 * MOST).allMatch(i -> holds("k" + i)))
                .isTrue();
    }

    @Test
    void keepsNoMoreThanItsBytesAndDropsTheOldest() throws SQLException {
        for (int i = 0; i < 9; i++) {
            keep("k" + i, 300, START);
        }
        assertThat(count()).isEqualTo(3);
        assertThat(has("k8", START)).isTrue();
        assertThat(has("k5", START)).isFalse();
        keep("large", 5 * MOST_BYTES, START);
        assertThat(has("large", START)).isTrue();
        keep("next", 1, START);
        assertThat(has("large", START)).isFalse();
        assertThat(has("next", START)).isTrue();
    }

    private boolean holds(String key) {
        try {
            return has(key, START);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
