package com.akidb.engine.embedded.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.error.UnavailableException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadersTests {

    private static final String ENDLESS =
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";

    @TempDir
    private Path directory;

    private Readers open(int count, Duration patience) throws SQLException {
        Database database = new Database(directory.resolve("some.db"));
        database.openWriter().close();
        return new Readers(database, count, patience, new StorageFailures(directory));
    }

    @Test
    void endsAReadThatTakesTooLongWhenTheStoreCloses() throws Exception {
        Readers readers = open(2, Duration.ZERO);
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Integer> read = CompletableFuture.supplyAsync(
                () -> readers.read(reader -> {
                    begun.countDown();
                    try (ResultSet result = reader.get(ENDLESS).executeQuery()) {
                        return result.getInt(1);
                    }
                }),
                task -> Thread.ofPlatform().daemon().start(task));
        begun.await();

        readers.close();

        assertThat(read)
                .failsWithin(Duration.ofSeconds(30))
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(UnavailableException.class)
                .withMessageContaining("stopping");
        assertThatThrownBy(() -> readers.read(reader -> 1)).isInstanceOf(UnavailableException.class);
    }

    @Test
    void letsAReadFinishThatIsQuickEnough() throws Exception {
        Readers readers = open(1, Duration.ofMinutes(1));
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch closing = new CountDownLatch(1);
        CompletableFuture<Integer> read = CompletableFuture.supplyAsync(
                () -> readers.read(reader -> {
                    begun.countDown();
                    await(closing);
                    try (ResultSet result = reader.get("SELECT 7").executeQuery()) {
                        return result.getInt(1);
                    }
                }),
                task -> Thread.ofPlatform().daemon().start(task));
        begun.await();

        Thread closer = Thread.ofPlatform().daemon().start(() -> close(readers));
        closing.countDown();
        closer.join();

        assertThat(read.join()).isEqualTo(7);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void close(Readers readers) {
        try {
            readers.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
