package com.akidb.engine.embedded.index;

import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import com.akidb.query.Predicate.Operator;
import com.akidb.vector.Metric;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/** CPU time of the first searches of a process over 10,000 rows: {@code FirstSearchBenchmark [warm]}. */
final class FirstSearchBenchmark {

    private static final int DIMENSION = 384;
    private static final int SEARCHES = 40;

    private FirstSearchBenchmark() {}

    public static void main(String[] args) throws IOException {
        MemoryTable table = MemoryTable.of(DIMENSION, Metric.COSINE, Column.of("bucket", ColumnType.INT, true));
        LatentVectors vectors = new LatentVectors(7, DIMENSION);
        List<RowChange> rows = new ArrayList<>();
        for (float[] vector : vectors.next(10_000)) {
            rows.add(table.row(vector, (long) rows.size() % 100));
        }
        table.commit(rows);
        try (TableIndexes indexes = new TableIndexes(
                        Files.createTempDirectory("index"), IndexProperties.defaults(), new SimpleMeterRegistry());
                TableIndex index = indexes.open(table.layout(), UUID.randomUUID(), table)) {
            if (args.length > 0) {
                indexes.warmUp();
            }
            // What a server does before its first search: it loads the model.
            LockSupport.parkNanos(10_000_000_000L);
            ThreadMXBean threads = ManagementFactory.getThreadMXBean();
            long[] micros = new long[SEARCHES];
            for (int i = 0; i < SEARCHES; i++) {
                Predicate filter =
                        i % 2 == 0 ? null : new Predicate.Compare(FieldPath.column("bucket"), Operator.LESS, 50L + i);
                float[] query = vectors.next(1).getFirst();
                long start = threads.getCurrentThreadCpuTime();
                index.search(new com.akidb.engine.VectorSearch("vector", query, 10, filter, null, false, false));
                micros[i] = (threads.getCurrentThreadCpuTime() - start) / 1_000;
            }
            PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true);
            out.println("CPU of the first searches in microseconds: " + Arrays.toString(micros));
            Arrays.sort(micros);
            out.println("median " + micros[SEARCHES / 2] + ", worst " + micros[SEARCHES - 1]);
        }
    }
}
