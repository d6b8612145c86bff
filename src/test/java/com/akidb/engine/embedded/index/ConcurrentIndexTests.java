package com.akidb.engine.embedded.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import com.akidb.query.Predicate.Operator;
import com.akidb.vector.Metric;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Searches beside commits, compactions and builds. */
class ConcurrentIndexTests {

    private static final int DIMENSION = 64;
    private static final int GROUPS = 40;
    private static final int GROUP_ROWS = 50;

    @TempDir
    Path directory;

    /**
     * Each commit replaces or deletes a whole group of equal vectors at once, so a search for such a vector must see
     * all rows of a group with one mark, or none.
     */
    @Test
    void seesWholeCommitsOnlyWhileTheyComeIn() throws Exception {
        MemoryTable table = MemoryTable.of(DIMENSION, Metric.EUCLIDEAN, Column.of("mark", ColumnType.INT, true));
        Clusters clusters = new Clusters(IndexFixture.SEED, DIMENSION, 20);
        List<float[]> vectors = new ArrayList<>();
        List<List<Long>> groups = new ArrayList<>();
        for (int i = 0; i < GROUPS; i++) {
            float[] vector = clusters.next();
            vectors.add(vector);
            List<RowChange> rows = new ArrayList<>();
            for (int j = 0; j < GROUP_ROWS; j++) {
                rows.add(table.row(vector, 0L));
            }
            table.commit(rows);
            groups.add(rows.stream().map(RowChange::rowId).toList());
        }
        IndexProperties properties = IndexProperties.of(100, 1_000_000);
        AtomicBoolean done = new AtomicBoolean();
        try (TableIndexes indexes = new TableIndexes(directory, properties, new SimpleMeterRegistry());
                TableIndex index = indexes.open(table.layout(), UUID.randomUUID(), table);
                ExecutorService pool = Executors.newFixedThreadPool(3)) {
            List<Future<?>> searchers = new ArrayList<>();
            for (int s = 0; s < 3; s++) {
                int first = s;
                searchers.add(pool.submit(() -> {
                    for (int i = first; !done.get(); i = (i + 1) % GROUPS) {
                        checkGroup(index, vectors.get(i), i % 2 == 0);
                    }
                }));
            }
            for (int round = 1; round <= 300; round++) {
                long mark = round;
                int group = round % GROUPS;
                boolean delete = round % 3 == 0;
                List<RowChange> changes = new ArrayList<>();
                for (long rowId : groups.get(group)) {
                    changes.add(
                            delete
                                    ? MemoryTable.deleted(rowId)
                                    : MemoryTable.replaced(rowId, vectors.get(group), mark));
                }
                table.commit(index, changes);
                int found = index.search(MemoryTable.query(vectors.get(group), GROUP_ROWS))
                                        .scores()[0]
                                == 1f
                        ? GROUP_ROWS
                        : 0;
                assertThat(found).isEqualTo(delete ? 0 : GROUP_ROWS);
            }
            done.set(true);
            for (Future<?> searcher : searchers) {
                searcher.get();
            }
        }
    }

    private static void checkGroup(TableIndex index, float[] vector, boolean filtered) {
        Predicate even = new Predicate.Compare(FieldPath.column("mark"), Operator.GREATER_OR_EQUAL, 0L);
        float[] scores = index.search(MemoryTable.query(vector, GROUP_ROWS, filtered ? even : null))
                .scores();
        int same = 0;
        for (float score : scores) {
            same += score == 1f ? 1 : 0;
        }
        assertThat(same).isIn(0, GROUP_ROWS);
    }
}
