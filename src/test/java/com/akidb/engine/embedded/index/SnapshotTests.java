package com.akidb.engine.embedded.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.engine.IndexStatus;
import com.akidb.engine.VectorSearch;
import com.akidb.vector.Metric;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots are used when they are whole, and only cost time when they are not. */
class SnapshotTests {

    private static final int DIMENSION = 32;
    private static final int ROWS = 1_200;

    @TempDir
    Path directory;

    private final UUID id = UUID.randomUUID();
    private final Clusters clusters = new Clusters(IndexFixture.SEED, DIMENSION, 10);
    private final MemoryTable table = MemoryTable.of(DIMENSION, Metric.COSINE);
    private TableIndexes indexes;

    @BeforeEach
    void snapshotOfAGraph() {
        indexes = indexes();
        List<RowChange> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            rows.add(table.row((Object) clusters.next()));
        }
        table.commit(rows);
        try (TableIndex index = open()) {
            Await.until(() -> index.status().getFirst().state().equals("ready"));
            index.snapshot();
        }
        assertThat(file()).exists();
    }

    @AfterEach
    void close() {
        indexes.close();
    }

    private TableIndexes indexes() {
        return new TableIndexes(directory, IndexProperties.of(100_000, 1_000), new SimpleMeterRegistry());
    }

    private TableIndex open() {
        return indexes.open(table.layout(), id, table);
    }

    /** Opened by indexes that are closed, so that nothing is built: a graph can only come from the snapshot. */
    private TableIndex openWithoutBuilding() {
        TableIndexes still = indexes();
        still.close();
        return still.open(table.layout(), id, table);
    }

    private Path file() {
        return directory.resolve(id + ".index");
    }

    private void findsWhatIsThere(TableIndex index) {
        double sum = 0;
        for (int i = 0; i < 30; i++) {
            VectorSearch search = MemoryTable.query(clusters.next(), 10);
            sum += IndexFixture.recall(index.search(search), table.search(search, row -> true));
        }
        assertThat(sum / 30).isGreaterThan(0.98);
    }

    @Test
    void bringsTheGraphBack() {
        try (TableIndex index = openWithoutBuilding()) {
            assertThat(index.status().getFirst().state()).isEqualTo("ready");
            findsWhatIsThere(index);
        }
    }

    @Test
    void followsWhatChangedSince() {
        List<RowChange> changes = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            changes.add(table.row((Object) clusters.next()));
        }
        table.commit(changes);
        try (TableIndex index = openWithoutBuilding()) {
            assertThat(index.status().getFirst().state()).isEqualTo("ready");
            assertThat(index.status().getFirst().rows()).isEqualTo(table.size());
            findsWhatIsThere(index);
            assertThat(index.search(MemoryTable.query(clusters.next(), 10_000)).rowIds())
                    .containsExactlyInAnyOrder(
                            table.rowIds().stream().mapToLong(Long::longValue).toArray());
        }
        try (TableIndex index = open()) {
            index.apply(table.version(), MemoryTable.time(table.version()), List.of());
            findsWhatIsThere(index);
        }
    }

    @Test
    void leadsAroundRowsThatWereGoneWhenItWasWritten() {
        try (TableIndex index = open()) {
            List<RowChange> changes = new ArrayList<>();
            for (long rowId = 1; rowId <= ROWS / 5; rowId++) {
                changes.add(
                        rowId % 2 == 0
                                ? MemoryTable.deleted(rowId)
                                : MemoryTable.replaced(rowId, (Object) clusters.next()));
            }
            table.commit(index, changes);
            index.snapshot();
            findsWhatIsThere(index);
        }
        try (TableIndex index = openWithoutBuilding()) {
            assertThat(index.status().getFirst().state()).isEqualTo("ready");
            findsWhatIsThere(index);
            assertThat(index.search(MemoryTable.query(clusters.next(), 10_000)).rowIds())
                    .containsExactlyInAnyOrder(
                            table.rowIds().stream().mapToLong(Long::longValue).toArray());
        }
    }

    @Test
    void isPassedOverWhenARowIsGoneOrAnother() {
        byte[] whole = read();
        table.commit(List.of(MemoryTable.replaced(7, (Object) clusters.next())));
        isBuiltAnew();
        assertThat(read()).isEqualTo(whole);
    }

    private byte[] read() {
        try {
            return Files.readAllBytes(file());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void isPassedOverWhenTheLogNoLongerReachesBack() {
        table.forgetLog();
        isBuiltAnew();
    }

    @Test
    void isPassedOverWhenCutAnywhere() throws IOException {
        byte[] whole = Files.readAllBytes(file());
        for (int tenth = 0; tenth < 10; tenth++) {
            Files.write(file(), Arrays.copyOf(whole, whole.length * tenth / 10));
            isBuiltAnew();
        }
    }

    @Test
    void isPassedOverWhenABitIsWrong() throws IOException {
        byte[] whole = Files.readAllBytes(file());
        for (int i = 0; i < 25; i++) {
            byte[] flipped = whole.clone();
            int at = i < 20 ? i : (int) ((long) whole.length * (i - 19) / 6);
            flipped[at] ^= (byte) (1 << (i % 8));
            Files.write(file(), flipped);
            isBuiltAnew();
        }
    }

    /** A file that a server wrote when the format was 2: a graph and lists over 150 rows, two of which were deleted. */
    @Test
    void bringsBackWhatAServerOfFormatTwoWrote() throws IOException {
        MemoryTable old = MemoryTable.of(8, Metric.COSINE);
        Clusters points = new Clusters(IndexFixture.SEED, 8, 5);
        old.declare(Declared.ivfflat("lists", Metric.EUCLIDEAN, 6));
        List<RowChange> rows = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            rows.add(old.row((Object) points.next()));
        }
        old.commit(rows);
        old.commit(List.of(MemoryTable.deleted(3), MemoryTable.deleted(77)));
        try (InputStream saved = getClass().getResourceAsStream("/snapshots/format-2.index")) {
            Files.copy(Objects.requireNonNull(saved), file(), StandardCopyOption.REPLACE_EXISTING);
        }
        TableIndexes few = new TableIndexes(directory, IndexProperties.of(50, 100), new SimpleMeterRegistry());
        few.close(); // builds nothing
        try (TableIndex index = few.open(old.layout(), id, old)) {
            assertThat(index.status()).extracting(IndexStatus::state).containsExactly("ready", "ready");
            for (Metric metric : List.of(Metric.COSINE, Metric.EUCLIDEAN)) {
                VectorSearch.Options far = new VectorSearch.Options(metric, 100, false);
                VectorSearch search = new VectorSearch("vector", points.next(), 10, null, null, false, true, far);
                assertThat(IndexFixture.explanation(index.search(search)).plan())
                        .isEqualTo(metric == Metric.COSINE ? "graph" : "ivfflat");
                assertThat(IndexFixture.recall(index.search(search), old.search(search, row -> true)))
                        .isEqualTo(1);
            }
            index.snapshot();
        }
        assertThat(read()).startsWith('A', 'K', 'I', 'X', 0, 0, 0, 3);
        try (TableIndex index = few.open(old.layout(), id, old)) {
            assertThat(index.status()).extracting(IndexStatus::state).containsExactly("ready", "ready");
        }
    }

    @Test
    void isRemovedWithItsTable() {
        indexes.discard(id);
        assertThat(file()).doesNotExist();
        isBuiltAnew();
    }

    @Test
    void costsNothingWhenItCannotBeWritten() throws IOException {
        Files.delete(file());
        Files.createDirectory(file());
        Files.createFile(file().resolve("in-the-way"));
        try (TableIndex index = open()) {
            Await.until(() -> index.status().getFirst().state().equals("ready"));
            index.snapshot();
            findsWhatIsThere(index);
        }
    }

    private void isBuiltAnew() {
        try (TableIndex index = openWithoutBuilding()) {
            assertThat(IndexFixture.explanation(index.search(MemoryTable.query(clusters.next(), 1)))
                            .plan())
                    .isEqualTo("exact");
            findsWhatIsThere(index);
        }
    }
}
