package com.akidb.engine.embedded.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.error.UnavailableException;
import com.akidb.junit.InterleavingTest;
import com.akidb.junit.Threads;
import com.akidb.vector.Metric;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;

class TableIndexInterleavingTests {

    private static final float[] VECTOR = {1, 0};

    private final MemoryTable table = MemoryTable.of(2, Metric.COSINE);
    private final RowChange first = table.row(VECTOR);
    private final RowChange second = table.row(VECTOR);

    private TableIndex open() {
        table.commit(List.of(first, second));
        IndexProperties properties = IndexProperties.defaults();
        IndexMetrics metrics = new IndexMetrics(new SimpleMeterRegistry());
        Structures structures = new Structures(properties);
        return new TableIndex(
                table.layout(),
                properties,
                table,
                Runnable::run,
                metrics,
                new RecallMonitor(Runnable::run, properties.recall(), metrics),
                new Snapshots(Path.of("no-snapshot"), structures),
                structures);
    }

    private int found(TableIndex index) {
        return index.search(MemoryTable.query(VECTOR, 10)).rowIds().length;
    }

    @InterleavingTest
    void findsWholeCommitsOnly() throws Exception {
        TableIndex index = open();
        Threads.start(
                        () -> table.commit(
                                index,
                                List.of(MemoryTable.deleted(first.rowId()), MemoryTable.deleted(second.rowId()))),
                        () -> assertThat(found(index)).isIn(0, 2),
                        () -> assertThat(found(index)).isIn(0, 2))
                .join();
        assertThat(found(index)).isZero();
        index.close();
    }

    @InterleavingTest
    void searchesTheOldLayoutOrTheNewWhileItChanges() throws Exception {
        TableIndex index = open();
        Threads.start(() -> table.declare(index), () -> assertThat(found(index)).isEqualTo(2))
                .join();
        assertThat(found(index)).isEqualTo(2);
        index.close();
    }

    @InterleavingTest
    void findsEverythingOrSaysThatItIsClosedWhileItCloses() throws Exception {
        TableIndex index = open();
        Threads.start(index::close, () -> searchUntilClosed(index), () -> searchUntilClosed(index))
                .join();
    }

    private void searchUntilClosed(TableIndex index) {
        try {
            assertThat(found(index)).isEqualTo(2);
        } catch (UnavailableException closed) {
            assertThat(index.isClosed()).isTrue();
        }
    }
}
