package com.akidb.engine.embedded.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.concurrent.Patience;
import com.akidb.concurrent.RequestThreads;
import com.akidb.error.DeadlineExceededException;
import com.akidb.error.OverloadedException;
import com.akidb.error.UnavailableException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadersTests {

    private static final String ENDLESS =
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";

    private static final int QUEUE = 2;

    @TempDir
    private Path directory;

    private Readers open(int count, Duration patience) throws SQLException {
        Database database = new Database(directory.resolve("some.db"));
        database.openWriter().close();
        return new Readers("test-read", database, count, QUEUE, patience, new StorageFailures(directory));
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

    @Test
    void endsAReadWhoseCallerGivesUpAndReadsOnWithItsConnection() throws Exception {
        try (Readers readers = open(1, Readers.PATIENCE);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch begun = new CountDownLatch(1);
            CompletableFuture<Integer> read = Patience.supply(
                    callers,
                    () -> readers.readAsOfOneCommit(reader -> {
                        begun.countDown();
                        return number(reader, ENDLESS);
                    }));
            begun.await();

            read.cancel(true);

            assertThat(Patience.supply(callers, () -> readers.readAsOfOneCommit(reader -> number(reader, "SELECT 7"))))
                    .succeedsWithin(Duration.ofSeconds(30))
                    .isEqualTo(7);
        }
    }

    @Test
    void letsGoAtOnceWhoWaitsForAConnectionAndIsNoLongerWaitedFor() throws Exception {
        CountDownLatch hold = new CountDownLatch(1);
        try (Readers readers = open(1, Readers.PATIENCE);
                RequestThreads callers = new RequestThreads("test")) {
            CountDownLatch begun = new CountDownLatch(1);
            CompletableFuture<Integer> holder = Patience.supply(
                    callers,
                    () -> readers.read(reader -> {
                        begun.countDown();
                        await(hold);
                        return 1;
                    }));
            begun.await();
            CompletableFuture<Throwable> outcome = new CompletableFuture<>();
            CompletableFuture<Integer> waiting = Patience.supply(callers, () -> {
                try {
                    return readers.read(reader -> 2);
                } catch (DeadlineExceededException e) {
                    outcome.complete(e);
                    throw e;
                }
            });
            try {
                while (readers.longestWait().isZero()) {
                    Thread.onSpinWait();
                }

                waiting.cancel(true);

                assertThat(outcome).succeedsWithin(Duration.ofSeconds(30));
                assertThat(readers.longestWait()).isZero();
            } finally {
                hold.countDown();
            }
            assertThat(holder).succeedsWithin(Duration.ofSeconds(30)).isEqualTo(1);
        }
    }

    @Test
    void readsForVirtualThreadsOnPlatformThreads() throws Exception {
        try (Readers readers = open(1, Readers.PATIENCE);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThat(callers.submit(() -> readers.read(
                                    reader -> Thread.currentThread().isVirtual()))
                            .get())
                    .isFalse();
        }
    }

    @Test
    void refusesAtOnceWhatNoMoreMayWaitFor() throws Exception {
        CountDownLatch hold = new CountDownLatch(1);
        try (Readers readers = open(1, Readers.PATIENCE);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch begun = new CountDownLatch(1);
            Supplier<CompletableFuture<Integer>> read = () -> Patience.supply(
                    callers,
                    () -> readers.read(reader -> {
                        begun.countDown();
                        await(hold);
                        return number(reader, "SELECT 7");
                    }));
            List<CompletableFuture<Integer>> reads = new ArrayList<>();
            reads.add(read.get());
            await(begun); // Until then it waits in the queue as well.
            for (int i = 0; i < QUEUE + 1; i++) {
                reads.add(read.get());
            }
            CompletableFuture<Object> first = CompletableFuture.anyOf(reads.toArray(CompletableFuture[]::new));
            try {
                assertThat(first)
                        .failsWithin(Duration.ofSeconds(30))
                        .withThrowableThat()
                        .havingCause()
                        .isInstanceOf(OverloadedException.class);
            } finally {
                hold.countDown();
            }
            assertThat(reads.stream().filter(ReadersTests::succeeds)).hasSize(1 + QUEUE);
        }
    }

    private static boolean succeeds(CompletableFuture<Integer> read) {
        return read.handle((_, failure) -> failure == null).join();
    }

    private static int number(Statements reader, String sql) throws SQLException {
        try (ResultSet result = reader.get(sql).executeQuery()) {
            return result.getInt(1);
        }
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
