package com.akidb.engine.embedded.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.akidb.engine.Column;
import com.akidb.engine.VectorSearch;
import com.akidb.engine.embedded.index.MemoryTable.Expected;
import com.akidb.engine.embedded.index.TableIndex.Found;
import com.akidb.error.UnavailableException;
import com.akidb.vector.Metric;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What every way of searching must hold to. */
abstract class VectorIndexContract extends OddVectorsContract {

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
            assertThat(index.status().stream().filter(status -> status.definition() == null))
                    .extracting("column")
                    .containsExactly("vector", "second");
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
