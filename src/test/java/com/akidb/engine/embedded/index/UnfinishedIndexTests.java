package com.akidb.engine.embedded.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.engine.IndexMethod;
import com.akidb.engine.SearchExplanation;
import com.akidb.engine.VectorSearch;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import com.akidb.query.Predicate.Operator;
import com.akidb.vector.Metric;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Indexes that lack many of the rows, because these came while nobody built. */
class UnfinishedIndexTests {

    private static final int DIMENSION = 384;
    private static final int ROWS = 2_000;

    @TempDir
    Path directory;

    private final Clusters clusters = new Clusters(IndexFixture.SEED, DIMENSION, 10);
    private final MemoryTable table = MemoryTable.of(
            DIMENSION, Metric.COSINE, com.akidb.engine.Column.of("number", com.akidb.engine.ColumnType.INT, false));
    private long number;

    private List<RowChange> rows(int count) {
        List<RowChange> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(table.row(clusters.next(), number++));
        }
        return rows;
    }

    /** An index over the first rows, and so many rows beside it. */
    private TableIndex behindBy(int beside, IndexMethod method) {
        table.declare(
                method == IndexMethod.HNSW
                        ? Declared.hnsw("found", Metric.COSINE)
                        : Declared.ivfflat("found", Metric.COSINE, 20));
        table.commit(rows(ROWS));
        TableIndexes indexes =
                new TableIndexes(directory, IndexProperties.of(500, 1_000_000), new SimpleMeterRegistry());
        TableIndex index = indexes.open(table.layout(), new UUID(0, 1), table);
        Await.until(() -> index.status().getLast().state().equals("ready"));
        indexes.close();
        table.commit(index, rows(beside));
        return index;
    }

    private static VectorSearch search(float[] query, @Nullable Predicate filter, boolean wishes) {
        VectorSearch.Options options =
                wishes ? new VectorSearch.Options(null, 100, false) : VectorSearch.Options.DEFAULT;
        return new VectorSearch("vector", query, 10, filter, null, false, true, options);
    }

    @ParameterizedTest
    @EnumSource(names = {"HNSW", "IVFFLAT"})
    void areHelpedByCodesWhereRowsAreMissing(IndexMethod method) {
        try (TableIndex index = behindBy(ROWS, method)) {
            Predicate filter = new Predicate.Compare(FieldPath.column("number"), Operator.LESS, (long) (ROWS * 3 / 2));
            double found = 0;
            for (int i = 0; i < 30; i++) {
                Predicate condition = i % 2 == 0 ? null : filter;
                VectorSearch search = search(clusters.next(), condition, true);
                TableIndex.Found result = index.search(search);
                SearchExplanation explanation = IndexFixture.explanation(result);
                assertThat(explanation.plan()).isEqualTo(method == IndexMethod.HNSW ? "hnsw" : "ivfflat");
                if (method == IndexMethod.HNSW && condition == null) {
                    assertThat(explanation.candidates()).isLessThan(ROWS / 4);
                }
                found += IndexFixture.recall(
                        result, table.search(search, row -> condition == null || (long) row.get(2) < ROWS * 3 / 2));
            }
            assertThat(found / 30).isGreaterThan(0.95);
        }
    }

    @Test
    void ofAColumnItselfAreNotUsedWhereAScanOfTheCodesIsCheaper() {
        table.commit(rows(ROWS));
        TableIndexes indexes = new TableIndexes(directory, IndexProperties.of(500, ROWS), new SimpleMeterRegistry());
        try (TableIndex index = indexes.open(table.layout(), new UUID(0, 1), table)) {
            // One query, however often it is asked: else the rows to come would depend on how long this takes.
            float[] query = clusters.next();
            Await.until(() -> plan(index.search(search(query, null, false))).equals("graph"));
            indexes.close();
            table.commit(index, rows(3 * ROWS));
            double found = 0;
            for (int i = 0; i < 30; i++) {
                VectorSearch search = search(clusters.next(), null, false);
                TableIndex.Found result = index.search(search);
                assertThat(plan(result)).isEqualTo("quantized");
                found += IndexFixture.recall(result, table.search(search, row -> true));
            }
            assertThat(found / 30).isGreaterThan(0.95);
        }
    }

    private static String plan(TableIndex.Found result) {
        return IndexFixture.explanation(result).plan();
    }
}
