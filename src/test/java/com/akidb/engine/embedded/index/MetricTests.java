package com.akidb.engine.embedded.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.akidb.engine.VectorSearch;
import com.akidb.engine.VectorSearch.Options;
import com.akidb.engine.embedded.index.MemoryTable.Expected;
import com.akidb.engine.embedded.index.TableIndex.Found;
import com.akidb.vector.Metric;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A column is searched by any metric, whatever its own is. */
class MetricTests {

    private static final int DIMENSION = 70;
    private static final int ROWS = 2_500;

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(Metric.class)
    void findsTheNearestRowsByEveryMetric(Metric own) {
        MemoryTable table = MemoryTable.of(DIMENSION, own);
        Clusters clusters = new Clusters(IndexFixture.SEED, DIMENSION, 20);
        List<RowChange> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            float[] vector = clusters.next();
            float length = (float) Math.pow(10, i % 5 - 2);
            for (int j = 0; j < DIMENSION; j++) {
                vector[j] *= length;
            }
            rows.add(table.row((Object) vector));
        }
        table.commit(rows);
        try (TableIndexes indexes = new TableIndexes(directory, IndexProperties.defaults(), new SimpleMeterRegistry());
                TableIndex index = indexes.open(table.layout(), UUID.randomUUID(), table)) {
            for (Metric metric : Metric.values()) {
                for (int i = 0; i < 10; i++) {
                    VectorSearch search = search(clusters.next(), new Options(metric, null, true));
                    List<Expected> expected = table.search(search, row -> true);
                    Found found = index.search(search);
                    for (int hit = 0; hit < 10; hit++) {
                        float score = expected.get(hit).score();
                        assertThat(found.scores()[hit])
                                .as("%s of a column of %s", metric, own)
                                .isCloseTo(score, within(Math.max(1e-5f, Math.abs(score) * 1e-4f)));
                    }
                    assertThat(IndexFixture.explanation(found).plan()).isEqualTo("exact");
                }
            }
        }
    }

    @Test
    void givesAVectorTheBestScoreWithItselfAtAnyLength() {
        MemoryTable table = MemoryTable.of(DIMENSION, Metric.COSINE);
        List<float[]> vectors = new ArrayList<>();
        for (float length : new float[] {1e-30f, 1e-10f, 1, 1e10f, 1e30f}) {
            float[] vector = new float[DIMENSION];
            Arrays.fill(vector, length);
            vector[vectors.size()] = -length;
            vectors.add(vector);
        }
        table.commit(vectors.stream().map(vector -> table.row((Object) vector)).toList());
        try (TableIndexes indexes = new TableIndexes(directory, IndexProperties.defaults(), new SimpleMeterRegistry());
                TableIndex index = indexes.open(table.layout(), UUID.randomUUID(), table)) {
            for (int i = 0; i < vectors.size(); i++) {
                Found found = index.search(search(vectors.get(i), Options.DEFAULT));
                assertThat(found.rowIds()[0]).isEqualTo(i + 1);
                assertThat(found.scores()[0]).isEqualTo(1f);
                assertThat(found.scores()[1]).isLessThan(1f);
            }
        }
    }

    private static VectorSearch search(float[] vector, Options options) {
        return new VectorSearch("vector", vector, 10, null, null, false, true, options);
    }
}
