package com.akidb.engine.embedded.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.engine.IndexStatus;
import com.akidb.engine.embedded.index.rows.LiveBits;
import com.akidb.engine.embedded.index.vectors.MetricScores;
import com.akidb.engine.embedded.index.vectors.SearchStructure;
import com.akidb.vector.Metric;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An index that could not be built says why, does not stand in the way of searches, and can be built again. */
class FailedIndexTests {

    private static final int ROWS = 1_000;

    @TempDir
    Path directory;

    private final AtomicBoolean memoryIsShort = new AtomicBoolean(true);

    /** Builds like the real one while there is memory. */
    private final class Scarce extends Structures {
        Scarce(IndexProperties properties) {
            super(properties);
        }

        @Override
        @Nullable
        SearchStructure build(
                IndexState index, MetricScores scores, LiveBits live, IntConsumer added, BooleanSupplier stopped) {
            if (memoryIsShort.get()) {
                throw new OutOfMemoryError("no room for a graph");
            }
            return super.build(index, scores, live, added, stopped);
        }
    }

    @Test
    void saysWhyAndIsBuiltWhenItIsAskedForAgain() {
        MemoryTable table = MemoryTable.of(64, Metric.COSINE);
        Clusters clusters = new Clusters(IndexFixture.SEED, 64, 10);
        List<RowChange> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            rows.add(table.row((Object) clusters.next()));
        }
        table.commit(rows);
        table.declare(Declared.hnsw("found", Metric.COSINE));
        IndexProperties properties = IndexProperties.of(500, 1_000_000);
        IndexMetrics metrics = new IndexMetrics(new SimpleMeterRegistry());
        Structures structures = new Scarce(properties);
        try (ExecutorService background = Executors.newSingleThreadExecutor();
                TableIndex index = new TableIndex(
                        table.layout(),
                        properties,
                        table,
                        background,
                        metrics,
                        new RecallMonitor(background, properties.recall(), metrics),
                        new Snapshots(directory.resolve("t.index"), structures),
                        structures)) {
            index.start();
            Await.until(() -> index.status().getLast().state().equals("failed"));
            IndexStatus failed = index.status().getLast();
            assertThat(failed.error()).isEqualTo("no room for a graph");
            assertThat(index.search(MemoryTable.query(clusters.next(), 10)).rowIds())
                    .hasSize(10);
            memoryIsShort.set(false);
            assertThat(index.rebuild("found")).isTrue();
            Await.until(() -> index.status().getLast().state().equals("ready"));
            assertThat(index.status().getLast().error()).isNull();
            assertThat(IndexFixture.explanation(index.search(MemoryTable.query(clusters.next(), 10)))
                            .plan())
                    .isEqualTo("hnsw");
        }
    }
}
