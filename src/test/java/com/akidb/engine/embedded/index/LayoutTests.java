package com.akidb.engine.embedded.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.VectorSearch;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import com.akidb.query.Predicate.Operator;
import com.akidb.vector.Metric;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns come, go and change their names and places while the table is searched. */
class LayoutTests {

    private static final int DIMENSION = 384;
    private static final int ROWS = 3_000;
    private static final Column ID = Column.of("id", ColumnType.STRING, true);
    private static final Column VECTOR = Column.vector("vector", DIMENSION, Metric.COSINE);
    private static final Column OTHER = Column.vector("other", 8, Metric.EUCLIDEAN);
    private static final Column MARK = Column.of("mark", ColumnType.INT, true);

    @TempDir
    Path directory;

    private final Clusters clusters = new Clusters(IndexFixture.SEED, DIMENSION, 20);
    private final Clusters small = new Clusters(IndexFixture.SEED, 8, 20);
    private final MemoryTable table = MemoryTable.of(DIMENSION, Metric.COSINE, MARK);
    private TableIndexes indexes;
    private TableIndex index;

    @BeforeEach
    void fill() {
        List<RowChange> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            rows.add(table.row(clusters.next(), (long) i % 10));
        }
        table.commit(rows);
        indexes = new TableIndexes(directory, IndexProperties.defaults(), new SimpleMeterRegistry());
        index = indexes.open(table.layout(), UUID.randomUUID(), table);
        Await.until(() -> plan(query("vector", clusters.next())).equals("quantized"));
    }

    @AfterEach
    void close() {
        index.close();
        indexes.close();
    }

    private static VectorSearch query(String column, float[] vector) {
        return new VectorSearch(column, vector, 10, null, null, false, true);
    }

    private static VectorSearch query(String column, float[] vector, Predicate filter) {
        return new VectorSearch(column, vector, 10, filter, null, false, true);
    }

    private String plan(VectorSearch search) {
        return IndexFixture.explanation(index.search(search)).plan();
    }

    private void alter(List<Column> columns, Long... ids) {
        index.follow(table.alter(columns, List.of(ids)), table.layout());
    }

    private void findsWhatIsThere(String column, Clusters queries) {
        int at = table.definition.indexOf("mark");
        for (int i = 0; i < 10; i++) {
            float[] vector = queries.next();
            VectorSearch all = query(column, vector);
            assertThat(IndexFixture.recall(index.search(all), table.search(all, row -> true)))
                    .isGreaterThan(0.85);
            VectorSearch some =
                    query(column, vector, new Predicate.Compare(FieldPath.column("mark"), Operator.EQUAL, 3L));
            assertThat(IndexFixture.recall(
                            index.search(some),
                            table.search(some, row -> Long.valueOf(3).equals(row.get(at)))))
                    .isEqualTo(1);
        }
    }

    private RowChange filled(long rowId, float[] vector) {
        return new RowChange(rowId, List.of(RowChange.SAME, RowChange.SAME, RowChange.SAME, vector));
    }

    @Test
    void addsAVectorColumnThatIsFilledLater() {
        alter(List.of(ID, VECTOR, MARK, OTHER), 0L, 1L, 2L, 3L);
        assertThat(index.search(query("other", small.next())).rowIds()).isEmpty();
        findsWhatIsThere("vector", clusters);
        long before = index.status().getFirst().memoryBytes();
        for (long rowId : table.rowIds()) {
            table.commit(index, List.of(filled(rowId, small.next())));
        }
        assertThat(index.status()).extracting("column").containsExactly("vector", "other");
        assertThat(index.status()).extracting("rows").containsExactly((long) ROWS, (long) ROWS);
        findsWhatIsThere("other", small);
        findsWhatIsThere("vector", clusters);
        assertThat(index.status().getFirst().memoryBytes()).isLessThan(before + before / 10);
    }

    @Test
    void givesAFilledCellAnotherVectorInOneCommit() {
        alter(List.of(ID, VECTOR, MARK, OTHER), 0L, 1L, 2L, 3L);
        float[] old = small.next();
        table.commit(index, List.of(filled(5, old)));
        float[] fresh = small.next();
        table.commit(index, List.of(filled(5, fresh)));
        assertThat(index.search(query("other", fresh)).scores()).containsExactly(1f);
        assertThat(index.search(query("other", old)).scores()[0]).isLessThan(1f);
        findsWhatIsThere("vector", clusters);
    }

    @Test
    void takesAnUpdateThatNamesOnlyWhatChanged() {
        findsWhatIsThere("vector", clusters);
        List<RowChange> updates = new ArrayList<>();
        for (long rowId = 1; rowId <= 200; rowId++) {
            updates.add(new RowChange(rowId, List.of(RowChange.SAME, RowChange.SAME, 3L)));
        }
        table.commit(index, updates);
        findsWhatIsThere("vector", clusters);
        table.commit(index, List.of(new RowChange(9, Arrays.asList(RowChange.SAME, null, RowChange.SAME))));
        assertThat(index.status().getFirst().rows()).isEqualTo(ROWS - 1);
        findsWhatIsThere("vector", clusters);
    }

    @Test
    void renamesAndMovesColumnsWithoutLosingWhatIsBuilt() {
        findsWhatIsThere("vector", clusters);
        alter(List.of(ID, MARK, Column.vector("sense", DIMENSION, Metric.COSINE)), 0L, 2L, 1L);
        assertThat(plan(query("sense", clusters.next()))).isEqualTo("quantized");
        assertThatThrownBy(() -> index.search(query("vector", clusters.next())))
                .isInstanceOf(InvalidInputException.class);
        findsWhatIsThere("sense", clusters);
        table.commit(index, List.of(MemoryTable.replaced(1, 3L, clusters.next())));
        findsWhatIsThere("sense", clusters);
    }

    @Test
    void keepsFiltersOfOtherColumnsApartWhenNamesAreGivenAnew() {
        Predicate three = new Predicate.Compare(FieldPath.column("mark"), Operator.EQUAL, 3L);
        assertThat(index.search(query("vector", clusters.next(), three)).rowIds())
                .hasSize(10);
        alter(List.of(ID, VECTOR, Column.of("was_mark", ColumnType.INT, true), MARK), 0L, 1L, 2L, 7L);
        assertThat(index.search(query("vector", clusters.next(), three)).rowIds())
                .isEmpty();
        Predicate old = new Predicate.Compare(FieldPath.column("was_mark"), Operator.EQUAL, 3L);
        assertThat(index.search(query("vector", clusters.next(), old)).rowIds()).hasSize(10);
    }

    @Test
    void searchesAColumnThatTheTableDidNotHaveAtFirst() {
        index.close();
        MemoryTable plain = new MemoryTable(
                new com.akidb.engine.TableDefinition("test", List.of(ID, MARK), "id", java.util.Map.of()));
        plain.commit(List.of(plain.row(1L), plain.row(2L)));
        index = indexes.open(plain.layout(), UUID.randomUUID(), plain);
        plain.commit(index, List.of(plain.row(3L)));
        assertThat(index.status()).isEmpty();
        index.follow(plain.alter(List.of(ID, MARK, OTHER), List.of(0L, 1L, 2L)), plain.layout());
        float[] vector = small.next();
        plain.commit(index, List.of(new RowChange(2, List.of(RowChange.SAME, RowChange.SAME, vector))));
        plain.commit(index, List.of(new RowChange(3, List.of(RowChange.SAME, RowChange.SAME, vector))));
        assertThat(index.search(query("other", vector)).rowIds()).containsExactly(2, 3);
        Predicate three = new Predicate.Compare(FieldPath.column("mark"), Operator.EQUAL, 3L);
        assertThat(index.search(query("other", vector, three)).rowIds()).containsExactly(3);
    }

    @Test
    void knowsWhatChangedWhileThereWasNoVectorColumn() {
        findsWhatIsThere("vector", clusters);
        alter(List.of(ID, MARK), 0L, 2L);
        table.commit(
                index,
                List.of(
                        new RowChange(3, List.of(RowChange.SAME, 77L)),
                        MemoryTable.deleted(4),
                        MemoryTable.replaced(99_999, 77L)));
        alter(List.of(ID, MARK, OTHER), 0L, 2L, 5L);
        float[] vector = small.next();
        for (long rowId : List.of(3L, 5L, 99_999L)) {
            table.commit(index, List.of(new RowChange(rowId, List.of(RowChange.SAME, RowChange.SAME, vector))));
        }
        Predicate changed = new Predicate.Compare(FieldPath.column("mark"), Operator.EQUAL, 77L);
        assertThat(index.search(query("other", vector, changed)).rowIds()).containsExactly(3, 99_999);
        assertThat(index.search(query("other", vector)).rowIds()).containsExactly(3, 5, 99_999);
    }

    @Test
    void refusesAVectorOfAnotherDimension() {
        assertThatThrownBy(() -> index.search(query("vector", small.next())))
                .isInstanceOfSatisfying(
                        InvalidInputException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.DIMENSION_MISMATCH));
    }

    /** All rows have one vector in the old column and the opposite one in the new, so scores tell which was searched. */
    @Test
    void swapsAColumnUnderSearchesThatNeverMixTheTwo() throws Exception {
        float[] one = {1, 0, 0, 0, 0, 0, 0, 0};
        float[] opposite = {-1, 0, 0, 0, 0, 0, 0, 0};
        Column live = Column.vector("live", 8, Metric.INNER_PRODUCT);
        Column next = Column.vector("next", 8, Metric.INNER_PRODUCT);
        alter(List.of(ID, VECTOR, MARK, live), 0L, 1L, 2L, 10L);
        table.rowIds().forEach(rowId -> table.commit(index, List.of(filled(rowId, one))));
        AtomicBoolean done = new AtomicBoolean();
        try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
            List<Future<?>> searchers = new ArrayList<>();
            for (int s = 0; s < 2; s++) {
                searchers.add(pool.submit(() -> {
                    while (!done.get()) {
                        float[] scores = index.search(new VectorSearch("live", one, 2_000, null, null, false, false))
                                .scores();
                        assertThat(scores).hasSize(2_000);
                        assertThat(scores[0]).isIn(1f, -1f);
                        assertThat(scores).containsOnly(scores[0]);
                    }
                }));
            }
            long id = 10;
            for (int round = 0; round < 6; round++) {
                float[] value = round % 2 == 0 ? opposite : one;
                alter(List.of(ID, VECTOR, MARK, live, next), 0L, 1L, 2L, id, id + 1);
                for (long rowId : table.rowIds()) {
                    table.commit(
                            index,
                            List.of(new RowChange(
                                    rowId,
                                    List.of(RowChange.SAME, RowChange.SAME, RowChange.SAME, RowChange.SAME, value))));
                }
                alter(List.of(ID, VECTOR, MARK, live), 0L, 1L, 2L, ++id);
                assertThat(index.search(query("live", one)).scores()).containsOnly(value[0]);
            }
            done.set(true);
            for (Future<?> searcher : searchers) {
                searcher.get();
            }
        }
        findsWhatIsThere("vector", clusters);
    }
}
