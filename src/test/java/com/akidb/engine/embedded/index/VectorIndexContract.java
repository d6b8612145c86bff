package com.akidb.engine.embedded.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.akidb.engine.Column;
import com.akidb.engine.SearchExplanation;
import com.akidb.engine.VectorSearch;
import com.akidb.engine.embedded.index.MemoryTable.Expected;
import com.akidb.engine.embedded.index.TableIndex.Found;
import com.akidb.error.UnavailableException;
import com.akidb.vector.Metric;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every way of searching must hold to. */
abstract class VectorIndexContract {

    static final long SEED = 20261121;

    @TempDir
    Path directory;

    private TableIndexes indexes;

    /** Settings under which the way of searching is taken. */
    abstract IndexProperties properties();

    /** The plan that a search over that many rows takes when all is built. */
    abstract String plan();

    /** The plan for a metric. */
    String plan(Metric metric) {
        return plan();
    }

    /** Rows that are enough for that plan. */
    abstract int rows();

    @BeforeEach
    void open() {
        indexes = new TableIndexes(directory, properties(), new SimpleMeterRegistry());
    }

    @AfterEach
    void close() {
        indexes.close();
    }

    TableIndex open(MemoryTable table) {
        return indexes.open(table.layout(), UUID.randomUUID(), table);
    }

    /** A table of clustered vectors and its index, built. */
    TableIndex filled(MemoryTable table, Clusters clusters, int count) {
        List<RowChange> changes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            changes.add(table.row((Object) clusters.next()));
        }
        table.commit(changes);
        TableIndex index = open(table);
        awaitPlan(index, table);
        return index;
    }

    void awaitPlan(TableIndex index, MemoryTable table) {
        int dimension = table.definition.columns().get(1).dimension();
        if (dimension >= CodeBuilder.MIN_DIMENSION && table.size() >= rows()) {
            VectorSearch probe = MemoryTable.query(new Clusters(1, dimension, 1).next(), 10);
            Metric metric =
                    Objects.requireNonNull(table.definition.columns().get(1).metric());
            Await.until(
                    () -> plan(metric).equals(explanation(index.search(probe)).plan()));
        }
    }

    static SearchExplanation explanation(Found found) {
        return Objects.requireNonNull(found.explanation());
    }

    static double recall(Found found, List<Expected> expected) {
        Set<Long> ids = new HashSet<>();
        for (long rowId : found.rowIds()) {
            ids.add(rowId);
        }
        return expected.stream().filter(hit -> ids.contains(hit.rowId())).count() / (double) expected.size();
    }

    @ParameterizedTest
    @CsvSource({"COSINE, 384", "EUCLIDEAN, 384", "INNER_PRODUCT, 384", "COSINE, 96", "EUCLIDEAN, 1024"})
    void findsTheNearestRowsOfClusteredVectors(Metric metric, int dimension) {
        MemoryTable table = MemoryTable.of(dimension, metric);
        Clusters clusters = new Clusters(SEED, dimension, 40);
        try (TableIndex index = filled(table, clusters, rows())) {
            double sum = 0;
            int queries = 50;
            for (int i = 0; i < queries; i++) {
                VectorSearch search = MemoryTable.query(clusters.next(), 10);
                Found found = index.search(search);
                sum += recall(found, table.search(search, row -> true));
                assertThat(found.rowIds()).hasSize(10);
                assertThat(explanation(found).plan()).isEqualTo(plan(metric));
                assertThat(explanation(found).rows()).isEqualTo(rows());
            }
            assertThat(sum / queries).as("recall@10 with seed " + SEED).isGreaterThanOrEqualTo(0.98);
        }
    }

    @ParameterizedTest
    @EnumSource(Metric.class)
    void scoresInFullPrecisionBestFirst(Metric metric) {
        MemoryTable table = MemoryTable.of(100, metric);
        Clusters clusters = new Clusters(SEED, 100, 10);
        try (TableIndex index = filled(table, clusters, rows())) {
            VectorSearch search = MemoryTable.query(clusters.next(), 1);
            Found found = index.search(search);
            Expected best = table.search(search, row -> true).getFirst();
            assertThat(found.rowIds()[0]).isEqualTo(best.rowId());
            assertThat(found.scores()[0]).isCloseTo(best.score(), within(Math.abs(best.score()) * 1e-4f));
            float[] scores =
                    index.search(MemoryTable.query(clusters.next(), 50)).scores();
            for (int i = 1; i < scores.length; i++) {
                assertThat(scores[i]).isLessThanOrEqualTo(scores[i - 1]);
            }
        }
    }

    @Test
    void givesAVectorExactlyOneWithItselfUnderCosine() {
        MemoryTable table = MemoryTable.of(384, Metric.COSINE);
        Clusters clusters = new Clusters(SEED, 384, 10);
        try (TableIndex index = filled(table, clusters, rows())) {
            float[] vector = clusters.next();
            RowChange added = table.row((Object) vector);
            table.commit(index, List.of(added));
            Found found = index.search(new VectorSearch("vector", vector, 5, null, 1f, false, false));
            assertThat(found.rowIds()).containsExactly(added.rowId());
            assertThat(found.scores()).containsExactly(1f);
        }
    }

    @Test
    void letsNothingBelowTheThresholdPassAndTheThresholdItself() {
        MemoryTable table = MemoryTable.of(128, Metric.COSINE);
        Clusters clusters = new Clusters(SEED, 128, 10);
        try (TableIndex index = filled(table, clusters, rows())) {
            float[] vector = clusters.next();
            float third = index.search(MemoryTable.query(vector, 10)).scores()[2];
            Found found = index.search(new VectorSearch("vector", vector, 10, null, third, false, false));
            assertThat(found.scores()).hasSize(3);
            assertThat(found.scores()[2]).isEqualTo(third);
        }
    }

    @Test
    void findsAtOnceWhatACommitBroughtAndNoLongerWhatItTook() {
        MemoryTable table = MemoryTable.of(384, Metric.COSINE);
        Clusters clusters = new Clusters(SEED, 384, 10);
        try (TableIndex index = filled(table, clusters, rows())) {
            float[] vector = clusters.next();
            RowChange added = table.row((Object) vector);
            table.commit(index, List.of(added));
            assertThat(index.search(MemoryTable.query(vector, 1)).rowIds()).containsExactly(added.rowId());
            float[] other = clusters.next();
            table.commit(index, List.of(MemoryTable.replaced(added.rowId(), (Object) other)));
            assertThat(index.search(MemoryTable.query(other, 1)).rowIds()).containsExactly(added.rowId());
            assertThat(index.search(MemoryTable.query(vector, 1)).scores()[0]).isLessThan(0.9999f);
            table.commit(index, List.of(MemoryTable.deleted(added.rowId())));
            assertThat(index.search(MemoryTable.query(other, 1)).rowIds()).doesNotContain(added.rowId());
        }
    }

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

    @Test
    void searchesEachVectorColumnByItsOwnMetric() {
        MemoryTable table = MemoryTable.of(4, Metric.COSINE, Column.vector("second", 2, Metric.EUCLIDEAN));
        table.commit(List.of(
                table.row(new float[] {1, 0, 0, 0}, null),
                table.row(null, new float[] {3, 4}),
                table.row(new float[] {0, 1, 0, 0}, new float[] {0, 1})));
        try (TableIndex index = open(table)) {
            assertThat(index.search(MemoryTable.query(new float[] {0, 2, 0, 0}, 9))
                            .rowIds())
                    .containsExactly(3, 1);
            Found found = index.search(new VectorSearch("second", new float[] {3, 4}, 9, null, null, false, false));
            assertThat(found.rowIds()).containsExactly(2, 3);
            assertThat(found.scores()[0]).isEqualTo(1f);
            assertThat(index.status()).extracting("column").containsExactly("vector", "second");
        }
    }

    @Test
    void refusesToSearchWhenClosed() {
        MemoryTable table = MemoryTable.of(4, Metric.COSINE);
        TableIndex index = open(table);
        index.close();
        index.close();
        assertThatThrownBy(() -> index.search(MemoryTable.query(new float[] {1, 0, 0, 0}, 1)))
                .isInstanceOf(UnavailableException.class);
    }

    @Test
    void goesOnRightAfterMostRowsWereReplaced() {
        MemoryTable table = MemoryTable.of(96, Metric.COSINE);
        Clusters clusters = new Clusters(SEED, 96, 20);
        try (TableIndex index = filled(table, clusters, rows())) {
            long before = index.status().getFirst().memoryBytes();
            for (int round = 0; round < 6; round++) {
                List<RowChange> changes = new ArrayList<>();
                for (long rowId : table.rowIds()) {
                    changes.add(
                            rowId % 10 == round
                                    ? MemoryTable.deleted(rowId)
                                    : MemoryTable.replaced(rowId, (Object) clusters.next()));
                }
                table.commit(index, changes);
                VectorSearch search = MemoryTable.query(clusters.next(), 10);
                assertThat(recall(index.search(search), table.search(search, row -> true)))
                        .isGreaterThanOrEqualTo(0.8);
            }
            assertThat(index.status().getFirst().rows()).isEqualTo(table.size());
            Await.until(() -> index.status().getFirst().memoryBytes() < 4 * before);
            VectorSearch all = MemoryTable.query(clusters.next(), 100_000);
            assertThat(index.search(all).rowIds())
                    .containsExactlyInAnyOrder(
                            table.rowIds().stream().mapToLong(Long::longValue).toArray());
        }
    }
}
