package com.akidb.engine.embedded.index;

import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.VectorSearch;
import com.akidb.engine.embedded.index.TableIndex.Found;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import com.akidb.query.Predicate.Operator;
import com.akidb.vector.Metric;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Recall and time of searches in process: {@code IndexBenchmark BASE QUERIES DIMENSION ROWS [METHOD]}, where the files hold
 * float32 vectors, little-endian, one after the other (the header of a .npy file is passed over), or BASE is
 * {@code synthetic}; METHOD is {@code automatic}, {@code graph}, {@code hnsw} or {@code ivfflat}.
 */
final class IndexBenchmark {

    private static final int K = 10;
    private static final int QUERIES = 300;
    private static final int ROUNDS = 12;
    private static final int RECALLS = 100;

    private final PrintStream out;
    private final MemoryTable table;
    private final List<float[]> queries;

    private IndexBenchmark(PrintStream out, MemoryTable table, List<float[]> queries) {
        this.out = out;
        this.table = table;
        this.queries = queries;
    }

    public static void main(String[] args) throws IOException {
        int dimension = Integer.parseInt(args[2]);
        int rows = Integer.parseInt(args[3]);
        String method = args.length > 4 ? args[4] : "automatic";
        PrintStream out = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), true);
        MemoryTable table = MemoryTable.of(dimension, Metric.COSINE, Column.of("bucket", ColumnType.INT, true));
        Random random = new Random(1);
        List<RowChange> changes = new ArrayList<>();
        LatentVectors latent = new LatentVectors(7, dimension);
        boolean synthetic = args[0].equals("synthetic");
        for (float[] vector : synthetic ? latent.next(rows) : read(Path.of(args[0]), dimension, rows)) {
            changes.add(table.row(vector, (long) random.nextInt(1_000)));
        }
        table.commit(changes);
        switch (method) {
            case "hnsw" -> table.declare(Declared.hnsw("found", Metric.COSINE));
            case "ivfflat" -> table.declare(Declared.ivfflat("found", Metric.COSINE, (int) Math.sqrt(rows)));
            default -> {}
        }
        IndexProperties properties = IndexProperties.of(2_000, method.equals("graph") ? 1 : Integer.MAX_VALUE);
        try (TableIndexes indexes =
                new TableIndexes(Files.createTempDirectory("index"), properties, new SimpleMeterRegistry())) {
            long start = System.nanoTime();
            try (TableIndex index = indexes.open(table.layout(), UUID.randomUUID(), table)) {
                out.printf("opened %d rows in %d ms%n", rows, (System.nanoTime() - start) / 1_000_000);
                List<float[]> queries = synthetic ? latent.next(QUERIES) : read(Path.of(args[1]), dimension, QUERIES);
                new IndexBenchmark(out, table, queries).run(index, start);
            }
        }
    }

    private void run(TableIndex index, long start) {
        measure(index, "before codes", null, 1);
        float[] first = queries.getFirst();
        while ("exact".equals(plan(index, first))
                || index.status().stream().anyMatch(status -> status.state().equals("building"))) {
            LockSupport.parkNanos(10_000_000);
        }
        out.printf("built after %d ms%n", (System.nanoTime() - start) / 1_000_000);
        measure(index, "no filter", null, ROUNDS);
        if (index.status().size() > 1) {
            for (int effort : new int[] {4, 8, 16, 32, 64, 128, 256}) {
                sweep(index, effort);
            }
        }
        for (long perMille : new long[] {1, 10, 100, 500, 900}) {
            Predicate filter = new Predicate.Compare(FieldPath.column("bucket"), Operator.LESS, perMille);
            measure(index, "filter passing " + perMille / 10.0 + " %", filter, ROUNDS);
        }
    }

    /** A declared index with a given effort: {@code ef} or {@code probes}. */
    private void sweep(TableIndex index, int effort) {
        VectorSearch.Options options = new VectorSearch.Options(null, effort, false);
        long[] nanos = new long[queries.size()];
        double sum = 0;
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < queries.size(); i++) {
                VectorSearch search = new VectorSearch("vector", queries.get(i), K, null, null, false, false, options);
                long begin = System.nanoTime();
                Found found = index.search(search);
                nanos[i] = System.nanoTime() - begin;
                if (round == 0 && i < RECALLS) {
                    sum += IndexFixture.recall(found, table.search(search, row -> true));
                }
            }
        }
        Arrays.sort(nanos);
        out.printf("effort %-15d recall@10 %.4f  p50 %6.0f us%n", effort, sum / RECALLS, nanos[nanos.length / 2] / 1e3);
    }

    private static String plan(TableIndex index, float[] query) {
        return IndexFixture.explanation(index.search(MemoryTable.query(query, K)))
                .plan();
    }

    private void measure(TableIndex index, String name, @Nullable Predicate filter, int rounds) {
        long[] nanos = new long[queries.size() * rounds];
        var threads = ManagementFactory.getThreadMXBean();
        long cpu = 0;
        int at = 0;
        for (int round = 0; round < rounds; round++) {
            long cpuStart = threads.getCurrentThreadCpuTime();
            for (float[] query : queries) {
                VectorSearch search = new VectorSearch("vector", query, K, filter, null, false, false);
                long begin = System.nanoTime();
                index.search(search);
                nanos[at++] = System.nanoTime() - begin;
            }
            cpu = threads.getCurrentThreadCpuTime() - cpuStart;
        }
        long[] last = Arrays.copyOfRange(nanos, queries.size() * (rounds / 2), nanos.length);
        Arrays.sort(last);
        String plan = IndexFixture.explanation(index.search(MemoryTable.query(queries.getFirst(), K, filter)))
                .plan();
        out.printf(
                "%-22s %-10s recall@10 %.4f  p50 %6.0f us  p95 %6.0f us  CPU %.3f ms%n",
                name,
                plan,
                recall(index, filter),
                last[last.length / 2] / 1e3,
                last[(int) (last.length * 0.95)] / 1e3,
                cpu / 1e6 / queries.size());
    }

    private double recall(TableIndex index, @Nullable Predicate filter) {
        double sum = 0;
        int count = Math.min(RECALLS, queries.size());
        for (float[] query : queries.subList(0, count)) {
            VectorSearch search = MemoryTable.query(query, K, filter);
            Found found = index.search(search);
            List<MemoryTable.Expected> expected = table.search(
                    search,
                    row -> filter == null
                            || (Long) java.util.Objects.requireNonNull(row.get(2))
                                    < (Long) ((Predicate.Compare) filter).value());
            Set<Long> ids = new HashSet<>();
            for (long rowId : found.rowIds()) {
                ids.add(rowId);
            }
            sum += expected.stream().filter(hit -> ids.contains(hit.rowId())).count() / (double) expected.size();
        }
        return sum / count;
    }

    private static List<float[]> read(Path file, int dimension, int rows) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        if (file.toString().endsWith(".npy")) {
            bytes.position(10 + bytes.getShort(8));
        }
        List<float[]> vectors = new ArrayList<>();
        while (vectors.size() < rows && bytes.remaining() >= dimension * Float.BYTES) {
            float[] vector = new float[dimension];
            for (int i = 0; i < dimension; i++) {
                vector[i] = bytes.getFloat();
            }
            vectors.add(vector);
        }
        return vectors;
    }
}
