package com.akidb.engine.embedded.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.NaiveFilter;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import com.akidb.query.Predicate.Operator;
import com.akidb.vector.Metric;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/** Filtered searches beside updates that name only what changed, while columns come and go and memory is short. */
class ChangingColumnsTests {

    private static final long SEED = System.nanoTime();
    private static final int ROUNDS = 150;
    private static final Column ID = Column.of("id", ColumnType.STRING, true);
    private static final Column VECTOR = Column.vector("vector", 4, Metric.EUCLIDEAN);
    private static final Column MARK = Column.of("mark", ColumnType.INT, true);
    private static final Column KIND = Column.of("kind", ColumnType.STRING, false);

    @TempDir
    Path directory;

    private final Random random = new Random(SEED);
    private final MemoryTable table = MemoryTable.of(4, Metric.EUCLIDEAN, MARK, KIND);

    private float[] vector() {
        return new float[] {random.nextFloat(), random.nextFloat(), random.nextFloat(), random.nextFloat()};
    }

    private static Predicate filter(int round) {
        Predicate mark = new Predicate.Compare(FieldPath.column("mark"), Operator.LESS, (long) (round % 10));
        return round % 2 == 0
                ? mark
                : new Predicate.And(
                        List.of(mark, new Predicate.Compare(FieldPath.column("kind"), Operator.EQUAL, "a")));
    }

    @Test
    void neverLoseARowThatPassesOrFindOneThatDoesNot() throws Exception {
        List<RowChange> rows = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            rows.add(table.row(vector(), (long) i % 10, i % 3 == 0 ? "a" : "b"));
        }
        table.commit(rows);
        IndexProperties properties = new IndexProperties(
                100, 1_000_000, 32, 100, DataSize.ofKilobytes(1), new IndexProperties.Recall(1, 0.95));
        AtomicBoolean done = new AtomicBoolean();
        try (TableIndexes indexes = new TableIndexes(directory, properties, new SimpleMeterRegistry());
                TableIndex index = indexes.open(table.layout(), UUID.randomUUID(), table);
                ExecutorService pool = Executors.newFixedThreadPool(2)) {
            List<Future<?>> searchers = new ArrayList<>();
            for (int s = 0; s < 2; s++) {
                searchers.add(pool.submit(() -> {
                    for (int i = 0; !done.get(); i++) {
                        index.search(MemoryTable.query(new float[4], 600, filter(i)));
                    }
                }));
            }
            for (int round = 0; round < ROUNDS; round++) {
                change(index, round);
                check(index, filter(round));
            }
            done.set(true);
            for (Future<?> searcher : searchers) {
                searcher.get();
            }
        }
    }

    private void change(TableIndex index, int round) {
        if (round % 5 == 0) {
            index.follow(
                    table.alter(
                            List.of(ID, VECTOR, MARK, KIND, Column.vector("other", 2, Metric.COSINE)),
                            List.of(0L, 1L, 2L, 3L, 10L + round)),
                    table.layout());
        } else if (round % 5 == 4) {
            index.follow(table.alter(List.of(ID, VECTOR, MARK, KIND), List.of(0L, 1L, 2L, 3L)), table.layout());
        }
        int columns = table.definition.columns().size();
        List<RowChange> changes = new ArrayList<>();
        for (long rowId : table.rowIds()) {
            if (random.nextInt(20) == 0) {
                @Nullable Object[] cells = new Object[columns];
                Arrays.fill(cells, RowChange.SAME);
                switch (random.nextInt(4)) {
                    case 0 -> cells[1] = vector();
                    case 1 -> cells[2] = (long) random.nextInt(10);
                    case 2 -> cells[3] = random.nextBoolean() ? "a" : null;
                    default -> cells[columns - 1] = columns == 5 ? new float[] {1, 2} : "b";
                }
                changes.add(new RowChange(rowId, Arrays.asList(cells)));
            }
        }
        table.commit(index, changes);
    }

    private void check(TableIndex index, Predicate predicate) {
        long[] found =
                index.search(MemoryTable.query(new float[4], 600, predicate)).rowIds();
        List<Long> expected = table
                .search(
                        MemoryTable.query(new float[4], 600),
                        row -> new NaiveFilter(field -> row.get(table.definition.indexOf(field.column())))
                                .passes(predicate))
                .stream()
                .map(MemoryTable.Expected::rowId)
                .toList();
        assertThat(found)
                .as("seed %d, %s", SEED, predicate)
                .containsExactlyInAnyOrder(
                        expected.stream().mapToLong(Long::longValue).toArray());
    }
}
