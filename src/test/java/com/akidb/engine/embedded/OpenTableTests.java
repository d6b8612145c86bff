package com.akidb.engine.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.concurrent.Patience;
import com.akidb.engine.Alteration.AddColumn;
import com.akidb.engine.Alteration.DropColumn;
import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.Fixtures;
import com.akidb.engine.Mutation;
import com.akidb.engine.OnConflict;
import com.akidb.engine.Row;
import com.akidb.engine.SearchResult;
import com.akidb.engine.SearchResult.Hit;
import com.akidb.engine.Table;
import com.akidb.engine.VectorSearch;
import com.akidb.engine.embedded.index.RowChange;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Searches beside writes. */
class OpenTableTests {

    private static final int DOCUMENTS = 20;

    @TempDir
    Path directory;

    @Test
    void findsEveryDocumentOnceWhileAllAreReplacedOverAndOver() throws Exception {
        try (EmbeddedTableEngine engine = Engines.open(directory)) {
            Table table = engine.create(Fixtures.documents("t"));
            replaceAll(engine, table, 0);
            AtomicBoolean done = new AtomicBoolean();
            try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<Integer>> searches = new ArrayList<>();
                for (boolean includeVectors : new boolean[] {false, false, true}) {
                    searches.add(executor.submit(() -> searchUntil(done, engine, table, includeVectors)));
                }
                for (int generation = 1; generation <= 300; generation++) {
                    replaceAll(engine, table, generation);
                    assertNoOlderThan(generation, engine.reader(table.id()).search(search(false)));
                }
                done.set(true);
                for (Future<Integer> search : searches) {
                    assertThat(search.get()).isPositive();
                }
            }
        }
    }

    private static int searchUntil(
            AtomicBoolean done, EmbeddedTableEngine engine, Table table, boolean includeVectors) {
        int searches = 0;
        int seen = 0;
        while (!done.get() || searches == 0) {
            VectorSearch search = search(includeVectors);
            SearchResult result =
                    engine.reader(table.id()).search(search, Runnable::run).join();
            assertThat(result.hits()).extracting(OpenTableTests::key).doesNotHaveDuplicates();
            for (Hit hit : result.hits()) {
                assertThat(generation(hit)).isGreaterThanOrEqualTo(seen);
            }
            seen = result.hits().stream()
                    .mapToInt(OpenTableTests::generation)
                    .min()
                    .orElse(seen);
            searches++;
        }
        return searches;
    }

    private static void assertNoOlderThan(int generation, SearchResult result) {
        assertThat(result.hits()).hasSize(DOCUMENTS).allMatch(hit -> generation(hit) == generation);
    }

    private static String key(Hit hit) {
        return String.valueOf(hit.row().values().getFirst());
    }

    private static int generation(Hit hit) {
        return Integer.parseInt(String.valueOf(hit.row().values().get(1)));
    }

    private static VectorSearch search(boolean includeVectors) {
        return new VectorSearch("vector", new float[] {1, 0}, 100, null, null, includeVectors, false);
    }

    private static void replaceAll(EmbeddedTableEngine engine, Table table, int generation) {
        List<List<@Nullable Object>> documents = new ArrayList<>();
        for (int i = 0; i < DOCUMENTS; i++) {
            documents.add(Fixtures.document("k" + i, String.valueOf(generation), 1, i));
        }
        Fixtures.done(engine.write(table.id(), new Mutation.Insert(documents, OnConflict.REPLACE)));
    }

    @Test
    void answersFromMemoryWhatItAnsweredBefore() {
        try (EmbeddedTableEngine engine = Engines.open(directory)) {
            Table table = engine.create(Fixtures.documents("t"));
            replaceAll(engine, table, 0);
            assertThat(engine.reader(table.id()).searchCached(search(false))).isNull();
            SearchResult full = engine.reader(table.id()).search(search(false));
            SearchResult cached = engine.reader(table.id()).searchCached(search(false));
            assertThat(cached).isEqualTo(full);
            assertThat(engine.reader(table.id()).searchCached(search(true))).isNull();
            assertThat(engine.rowCacheStats().hitCount()).isEqualTo(DOCUMENTS);
        }
    }

    @Test
    void leavesTheCallingThreadOnlyForWhatIsNotInMemory() {
        try (EmbeddedTableEngine engine = Engines.open(directory)) {
            Table table = engine.create(Fixtures.documents("t"));
            replaceAll(engine, table, 0);
            AtomicInteger calls = new AtomicInteger();
            Executor threads = work -> {
                calls.incrementAndGet();
                work.run();
            };

            SearchResult first =
                    engine.reader(table.id()).search(search(false), threads).join();
            assertThat(calls).hasValue(1);
            assertThat(first.hits()).hasSize(DOCUMENTS);
            assertThat(engine.reader(table.id()).search(search(false), threads).join())
                    .isEqualTo(first);
            assertThat(calls).hasValue(1);
            replaceAll(engine, table, 1);
            assertThat(engine.reader(table.id())
                            .search(search(false), threads)
                            .join()
                            .hits())
                    .extracting(OpenTableTests::generation)
                    .containsOnly(1);
            assertThat(calls).hasValue(2);
            engine.reader(table.id()).search(search(true), threads).join();
            assertThat(calls).hasValue(3);
        }
    }

    @Test
    void keepsAChangeOfTheColumnsWaitingForAReadThatChangesOvertookTooOften() {
        try (EmbeddedTableEngine engine = Engines.open(directory)) {
            Table table = engine.create(Fixtures.documents("t"));
            replaceAll(engine, table, 0);
            int columns = 20;
            for (int i = 0; i < columns; i++) {
                engine.alter(table.id(), new AddColumn(Column.of("c" + i, ColumnType.STRING, false), null));
            }
            AtomicInteger dropped = new AtomicInteger();
            List<Thread> changes = new ArrayList<>();
            // Asked when a read has pinned a version and not begun: each time another column of it goes.
            BooleanSupplier overtaking = () -> {
                String next = "c" + dropped.getAndIncrement();
                Thread change = Thread.ofPlatform().start(() -> engine.alter(table.id(), new DropColumn(next)));
                changes.add(change);
                Awaitility.await().until(() -> !change.isAlive() || waitsForALock(change));
                return false;
            };
            assertThat(Patience.during(
                                    overtaking, () -> engine.reader(table.id()).list(0, 100, true))
                            .rows())
                    .hasSize(DOCUMENTS);
            assertThat(dropped.get()).isBetween(3, columns - 1);
            for (Thread change : changes) {
                change.join();
            }
            assertThat(engine.find(table.id()).orElseThrow().definition().columns())
                    .hasSize(4 + columns - dropped.get());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean waitsForALock(Thread thread) {
        String lock = ReentrantReadWriteLock.WriteLock.class.getName();
        return thread.getState() == Thread.State.WAITING
                && Arrays.stream(thread.getStackTrace())
                        .anyMatch(frame -> frame.getClassName().equals(lock));
    }

    @Test
    void keepsNoLargeRowInMemory() {
        RowCache cache = new RowCache(RowCache.bounded(1 << 20), UUID.randomUUID(), 7);
        Row large = new Row(6, 1, Instant.EPOCH, List.of("a", "x".repeat(RowCache.HEAVIEST)));
        Row fair = new Row(7, 1, Instant.EPOCH, List.of("b", "x".repeat(RowCache.HEAVIEST / 2)));
        cache.put(large, cache.mark());
        cache.put(fair, cache.mark());
        assertThat(cache.get(6)).isNull();
        assertThat(cache.get(7)).isEqualTo(fair);
    }

    @Test
    void keepsNoRowInMemoryThatACommitTookAwayWhileItWasRead() {
        RowCache cache = new RowCache(RowCache.bounded(1 << 20), UUID.randomUUID(), 7);
        Row row = new Row(7, 1, Instant.EPOCH, List.of("a", "text"));
        long mark = cache.mark();
        cache.committed(List.of(new RowChange(7, null)));
        cache.put(row, mark);
        assertThat(cache.get(7)).isNull();
        cache.put(row, cache.mark());
        assertThat(cache.get(7)).isEqualTo(row);
        cache.committed(List.of(new RowChange(8, List.of("b", "text"))));
        assertThat(cache.get(7)).isEqualTo(row);
        cache.committed(List.of(new RowChange(7, null)));
        assertThat(cache.get(7)).isNull();
    }
}
