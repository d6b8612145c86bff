package com.akidb.engine.embedded.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.engine.IndexDefinition;
import com.akidb.engine.IndexMethod;
import com.akidb.engine.IndexStatus;
import com.akidb.engine.SearchExplanation;
import com.akidb.engine.VectorSearch;
import com.akidb.engine.VectorSearch.Options;
import com.akidb.engine.embedded.index.TableIndex.Found;
import com.akidb.vector.Metric;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/** Searches are checked against all rows, and an index that finds too little looks further by itself. */
class RecallMonitorTests {

    private static final int DIMENSION = 64;
    private static final double FLOOR = 0.95;

    /** Bad on purpose: of two hundred lists one is searched. */
    private static final IndexDefinition BAD = new IndexDefinition(
            "bad", List.of("vector"), IndexMethod.IVFFLAT, Metric.COSINE, Map.of("lists", 200, "probes", 1));

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path directory;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Clusters clusters = new Clusters(IndexFixture.SEED, DIMENSION, 20);
    private final MemoryTable table = MemoryTable.of(DIMENSION, Metric.COSINE);

    private TableIndexes indexes(double sample) {
        List<RowChange> rows = new ArrayList<>();
        for (int i = 0; i < 4_000; i++) {
            rows.add(table.row((Object) clusters.next()));
        }
        table.commit(rows);
        table.declare(BAD);
        return new TableIndexes(
                directory,
                new IndexProperties(
                        500, 1_000_000, 32, 100, DataSize.ofMegabytes(8), new IndexProperties.Recall(sample, FLOOR)),
                meters);
    }

    private TableIndex built(TableIndexes indexes) {
        TableIndex index = indexes.open(table.layout(), UUID.randomUUID(), table);
        Await.until(() -> index.status().stream()
                        .noneMatch(status -> status.state().equals("building"))
                && means(index.search(query())) != null
                && "ivfflat"
                        .equals(IndexFixture.explanation(index.search(query())).plan()));
        return index;
    }

    private VectorSearch query() {
        return MemoryTable.query(clusters.next(), 10);
    }

    private static SearchExplanation.@Nullable Means means(Found found) {
        return IndexFixture.explanation(found).means();
    }

    private double recall(TableIndex index) {
        double sum = 0;
        for (int i = 0; i < 40; i++) {
            VectorSearch search = query();
            sum += IndexFixture.recall(index.search(search), table.search(search, row -> true));
        }
        return sum / 40;
    }

    private @Nullable Gauge gauge() {
        return meters.find("akidb_search_recall")
                .tags("table", "test", "index", "bad")
                .gauge();
    }

    private static Double measured(IndexStatus status) {
        return Objects.requireNonNull(status.recall());
    }

    @Test
    void raisesTheEffortOfAnIndexThatFindsTooLittle() {
        try (TableIndexes indexes = indexes(1);
                TableIndex index = built(indexes)) {
            VectorSearch literally = MemoryTable.query(clusters.next(), 10);
            VectorSearch one = new VectorSearch(
                    "vector", literally.vector(), 10, null, null, false, true, new Options(null, 1, false));
            Await.until(() -> {
                index.search(query());
                return index.status().getLast().recall() != null
                        && Objects.requireNonNull(means(index.search(query()))).raised() > 1;
            });
            Await.until(() -> recall(index) >= FLOOR && measured(index.status().getLast()) >= FLOOR - 0.02);
            SearchExplanation.Means means = Objects.requireNonNull(means(index.search(query())));
            assertThat(index.status().getLast().recalls()).isNotEmpty();
            assertThat(means.index()).isEqualTo("bad");
            assertThat(means.raised()).isGreaterThan(1);
            assertThat(means.effort()).isEqualTo((int) Math.ceil(means.raised()));
            assertThat(means.recallFloor()).isEqualTo(FLOOR);
            assertThat(means.recall()).isBetween(0.5, 1.0);
            assertThat(Objects.requireNonNull(means(index.search(one))).effort())
                    .isEqualTo(1);
            assertThat(Objects.requireNonNull(gauge()).value()).isBetween(0.5, 1.0);
            table.declare(index);
            assertThat(gauge()).isNull();
        }
    }

    @Test
    void leavesAnIndexAloneWhenNothingIsSampled() {
        try (TableIndexes indexes = indexes(0);
                TableIndex index = built(indexes)) {
            assertThat(recall(index)).isLessThan(FLOOR);
            assertThat(index.status().getLast().recall()).isNull();
            assertThat(Objects.requireNonNull(means(index.search(query()))).effort())
                    .isEqualTo(1);
            assertThat(gauge()).isNull();
        }
    }

    @Test
    void lowersTheEffortSlowlyWhenMoreIsFoundThanIsWanted() {
        RecallControl recall = new RecallControl();
        assertThat(recall.mean()).isNull();
        for (int i = 0; i < 20; i++) {
            recall.checked(0.5, FLOOR, NOW);
        }
        assertThat(recall.raise()).isEqualTo(1.5 * 1.5);
        for (int i = 0; i < 199; i++) {
            recall.checked(1, FLOOR, NOW);
        }
        double before = recall.raise();
        for (int i = 0; i < 2_000; i++) {
            recall.checked(1, FLOOR, NOW);
        }
        assertThat(before).isGreaterThan(1);
        assertThat(recall.raise()).isLessThan(before);
        for (int i = 0; i < 5_000; i++) {
            recall.checked(1, FLOOR, NOW);
        }
        assertThat(recall.raise()).isEqualTo(1);
        for (int i = 0; i < 10_000; i++) {
            recall.checked(0, FLOOR, NOW);
        }
        assertThat(recall.raise()).isEqualTo(256);
    }

    @Test
    void keepsWhatSearchesFoundInTheLastTwoHours() {
        RecallControl recall = new RecallControl();
        assertThat(recall.history()).isEmpty();
        for (int second = 0; second < 200 * 60; second += 20) {
            recall.checked(second < 60 ? 0.5 : 1, FLOOR, NOW.plusSeconds(second));
            if (second == 80) {
                assertThat(recall.history())
                        .containsExactly(
                                new IndexStatus.Recall(NOW, 0.5), new IndexStatus.Recall(NOW.plusSeconds(60), 0.625));
            }
        }
        assertThat(recall.history())
                .hasSize(120)
                .last()
                .isEqualTo(new IndexStatus.Recall(
                        NOW.plusSeconds(199 * 60), recall.history().getLast().share()));
        assertThat(recall.history().getLast().share()).isGreaterThan(0.99);
        assertThat(recall.history().getFirst().at()).isEqualTo(NOW.plusSeconds(80 * 60));
    }
}
