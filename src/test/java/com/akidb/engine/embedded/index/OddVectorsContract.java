package com.akidb.engine.embedded.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.akidb.engine.VectorSearch;
import com.akidb.engine.embedded.index.MemoryTable.Expected;
import com.akidb.engine.embedded.index.TableIndex.Found;
import com.akidb.vector.Metric;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every way of searching makes of vectors and tables that are out of the ordinary. */
abstract class OddVectorsContract extends IndexFixture {

    @Test
    void ordersEqualVectorsByRowId() {
        MemoryTable table = MemoryTable.of(128, Metric.EUCLIDEAN);
        Clusters clusters = new Clusters(SEED, 128, 10);
        try (TableIndex index = filled(table, clusters, rows())) {
            float[] vector = clusters.next();
            List<RowChange> same = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                same.add(table.row((Object) vector));
            }
            table.commit(index, same);
            long[] expected = same.stream().limit(5).mapToLong(RowChange::rowId).toArray();
            assertThat(index.search(MemoryTable.query(vector, 5)).rowIds()).containsExactly(expected);
        }
    }

    @ParameterizedTest
    @EnumSource(Metric.class)
    void answersFromAnEmptyTable(Metric metric) {
        try (TableIndex index = open(MemoryTable.of(8, metric))) {
            assertThat(index.search(MemoryTable.query(new float[] {1, 0, 0, 0, 0, 0, 0, 0}, 10))
                            .rowIds())
                    .isEmpty();
        }
    }

    @Test
    void givesAllRowsWhenMoreAreWantedThanThereAre() {
        MemoryTable table = MemoryTable.of(384, Metric.COSINE);
        Clusters clusters = new Clusters(SEED, 384, 10);
        try (TableIndex index = filled(table, clusters, rows())) {
            assertThat(index.search(MemoryTable.query(clusters.next(), 100_000)).rowIds())
                    .hasSize(rows())
                    .doesNotHaveDuplicates();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 1024, 4096})
    void takesVectorsOfAnyLength(int dimension) {
        for (Metric metric : Metric.values()) {
            MemoryTable table = MemoryTable.of(dimension, metric);
            Clusters clusters = new Clusters(SEED, dimension, 5);
            try (TableIndex index = filled(table, clusters, Math.min(rows(), 600))) {
                VectorSearch search = MemoryTable.query(clusters.next(), 10);
                List<Expected> expected = table.search(search, row -> true);
                Found found = index.search(search);
                float[] scores = found.scores();
                assertThat(scores).hasSize(10);
                for (int i = 0; i < 10; i++) {
                    float score = expected.get(i).score();
                    assertThat(scores[i]).isCloseTo(score, within(Math.max(1e-5f, Math.abs(score) * 0.02f)));
                }
            }
        }
    }

    @Test
    void takesZeroVectorsAndAnyNormsWhereThereIsNoDirectionNeeded() {
        for (Metric metric : List.of(Metric.EUCLIDEAN, Metric.INNER_PRODUCT)) {
            MemoryTable table = MemoryTable.of(128, metric);
            Clusters clusters = new Clusters(SEED, 128, 20);
            List<RowChange> changes = new ArrayList<>();
            for (int i = 0; i < rows(); i++) {
                float[] vector = clusters.next();
                float scale = i % 50 == 0 ? 0 : (float) Math.pow(10, i % 5 - 2);
                for (int j = 0; j < vector.length; j++) {
                    vector[j] *= scale;
                }
                changes.add(table.row((Object) vector));
            }
            table.commit(changes);
            try (TableIndex index = open(table)) {
                awaitPlan(index, table);
                double sum = 0;
                for (int i = 0; i < 40; i++) {
                    VectorSearch search = MemoryTable.query(clusters.next(), 10);
                    sum += recall(index.search(search), table.search(search, row -> true));
                }
                assertThat(sum / 40).as(metric + " recall@10").isGreaterThanOrEqualTo(0.98);
                Found nearest = index.search(MemoryTable.query(new float[128], 1));
                assertThat(nearest.scores()[0]).isEqualTo(metric == Metric.EUCLIDEAN ? 1f : 0f);
            }
        }
    }

    @Test
    void keepsScoresFiniteForHugeValues() {
        MemoryTable table = MemoryTable.of(128, Metric.INNER_PRODUCT);
        Clusters clusters = new Clusters(SEED, 128, 20);
        try (TableIndex index = filled(table, clusters, rows())) {
            float[] huge = new float[128];
            java.util.Arrays.fill(huge, 3e38f);
            RowChange added = table.row((Object) huge);
            table.commit(index, List.of(added));
            Found found = index.search(MemoryTable.query(huge, 3));
            assertThat(found.scores()).containsOnly(Float.MAX_VALUE);
            Found least = index.search(MemoryTable.query(clusters.next(), 1));
            assertThat(Math.abs(least.scores()[0])).isLessThanOrEqualTo(Float.MAX_VALUE);
        }
    }

    @Test
    void passesRowsOverThatHaveNoVector() {
        MemoryTable table = MemoryTable.of(96, Metric.COSINE);
        Clusters clusters = new Clusters(SEED, 96, 5);
        try (TableIndex index = filled(table, clusters, rows())) {
            RowChange bare = table.row((Object) null);
            table.commit(index, List.of(bare));
            assertThat(index.search(MemoryTable.query(clusters.next(), 100_000)).rowIds())
                    .hasSize(rows())
                    .doesNotContain(bare.rowId());
        }
    }
}
