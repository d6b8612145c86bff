package com.akidb.engine.embedded;

import com.akidb.engine.Cell;
import com.akidb.engine.CellQuery;
import com.akidb.engine.CellState;
import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.IndexDefinition;
import com.akidb.engine.IndexMethod;
import com.akidb.engine.IndexStatus;
import com.akidb.engine.Mutation;
import com.akidb.engine.Mutation.Computed;
import com.akidb.engine.OnConflict;
import com.akidb.engine.RowQuery;
import com.akidb.engine.Table;
import com.akidb.engine.TableDefinition;
import com.akidb.engine.TextSearch;
import com.akidb.engine.Uncomputed;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import com.akidb.query.Predicate.Operator;
import com.akidb.query.Sort;
import com.akidb.vector.Metric;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What tables do besides vectors: durable inserts of rows with five scalar columns, filling of computed cells, queries,
 * search by words. Run it by hand with a directory that has room, and optionally the number of rows.
 */
final class TableBenchmark {

    private static final int BATCH = 1_000;
    private static final int DIMENSION = 384;

    private final EmbeddedTableEngine engine;
    private final Random random = new Random(1);
    private final List<String> words = new ArrayList<>();

    private TableBenchmark(EmbeddedTableEngine engine) {
        this.engine = engine;
        for (int i = 0; i < 30_000; i++) {
            words.add(Integer.toString(100_000 + random.nextInt(Integer.MAX_VALUE - 100_000), 36));
        }
    }

    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory(Path.of(arguments[0]), "table-benchmark");
        int rows = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 100_000;
        try (EmbeddedTableEngine engine = Engines.open(directory)) {
            TableBenchmark benchmark = new TableBenchmark(engine);
            Table table = benchmark.inserts(rows);
            benchmark.queries(table);
            benchmark.texts(table, rows);
            benchmark.fills(10_000);
        }
    }

    private Table inserts(int rows) {
        Table warm = engine.create(scalars("warm"));
        batches(20_000).forEach(batch -> engine.write(warm.id(), batch).join());
        Table table = engine.create(scalars("rows"));
        List<Mutation> batches = batches(rows);
        long start = System.nanoTime();
        batches.forEach(batch -> engine.write(table.id(), batch).join());
        say("insert, one client, batches of 1,000: %,.0f rows/s", rows / seconds(start));
        Table both = engine.create(scalars("both"));
        List<Mutation> more = batches(rows);
        start = System.nanoTime();
        List<CompletableFuture<?>> answers = new ArrayList<>();
        for (Mutation batch : more) {
            answers.add(engine.write(both.id(), batch));
        }
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).join();
        say("insert, batches of 1,000 queued at once: %,.0f rows/s", rows / seconds(start));
        return table;
    }

    private static TableDefinition scalars(String name) {
        return new TableDefinition(
                name,
                List.of(
                        Column.of("id", ColumnType.STRING, true),
                        Column.of("title", ColumnType.STRING, true),
                        Column.of("language", ColumnType.STRING, false),
                        Column.of("quality", ColumnType.INT, false),
                        Column.of("created", ColumnType.TIMESTAMP, false)),
                "id",
                Map.of());
    }

    private List<Mutation> batches(int rows) {
        List<Mutation> batches = new ArrayList<>();
        for (int from = 0; from < rows; from += BATCH) {
            List<List<@Nullable Object>> batch = new ArrayList<>();
            for (int i = from; i < from + BATCH; i++) {
                batch.add(Arrays.asList(
                        "key-" + i,
                        text(12),
                        "language-" + random.nextInt(10),
                        (long) random.nextInt(11),
                        Instant.ofEpochSecond(random.nextInt())));
            }
            batches.add(new Mutation.Insert(batch, OnConflict.ERROR));
        }
        return batches;
    }

    /** Words as frequent as in a language: the n-th is about n times rarer than the first. */
    private String text(int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            int rank = (int) Math.pow(words.size(), random.nextDouble()) - 1;
            text.append(i == 0 ? "" : " ").append(words.get(rank));
        }
        return text.toString();
    }

    private void queries(Table table) {
        Predicate clauses = new Predicate.And(List.of(
                new Predicate.Compare(FieldPath.column("quality"), Operator.GREATER_OR_EQUAL, 7L),
                new Predicate.Compare(FieldPath.column("language"), Operator.EQUAL, "language-3")));
        List<Sort> order = List.of(new Sort(FieldPath.column("quality"), true));
        RowQuery first = new RowQuery(clauses, List.of(), null, 0, 100, Long.MAX_VALUE, false);
        RowQuery sorted = new RowQuery(clauses, order, null, 0, 100, Long.MAX_VALUE, false);
        Predicate like = new Predicate.Like(FieldPath.column("title"), "%" + words.get(100) + "%");
        for (boolean indexed : new boolean[] {false, true}) {
            if (indexed) {
                build(
                        table,
                        new IndexDefinition("tree", List.of("language", "quality"), IndexMethod.BTREE, null, Map.of()));
            }
            String how = indexed ? " with an index" : "";
            median(
                    "query, two clauses, count of all" + how,
                    () -> engine.reader(table.id()).count(clauses));
            median(
                    "query, two clauses, first 100" + how,
                    () -> engine.reader(table.id()).query(first));
            median(
                    "query, two clauses, first 100 in an order" + how,
                    () -> engine.reader(table.id()).query(sorted));
        }
        median("query, like, count of all", () -> engine.reader(table.id()).count(like));
    }

    private void texts(Table table, int rows) {
        long start = System.nanoTime();
        build(table, new IndexDefinition("words", List.of("title"), IndexMethod.TEXT, null, Map.of()));
        say("text index over %,d rows: %.2f s", rows, seconds(start));
        median(
                "search by 6 words, 10 hits",
                () -> engine.reader(table.id()).searchText(new TextSearch(List.of("title"), text(6), 10, null)));
    }

    private void build(Table table, IndexDefinition index) {
        engine.createIndex(table.id(), index);
        while (engine.indexes(table.id()).stream().map(IndexStatus::state).anyMatch("building"::equals)) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void fills(int rows) {
        Table table = engine.create(new TableDefinition(
                "computed",
                List.of(
                        Column.of("id", ColumnType.STRING, true),
                        Column.of("text", ColumnType.STRING, true),
                        Column.vector("vector", DIMENSION, Metric.COSINE)),
                "id",
                Map.of()));
        List<List<@Nullable Object>> pending = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            pending.add(Arrays.asList("key-" + i, text(12), new Uncomputed.Pending()));
        }
        engine.write(table.id(), new Mutation.Insert(pending, OnConflict.ERROR)).join();
        float[] vector = new float[DIMENSION];
        long start = System.nanoTime();
        long after = 0;
        List<Cell> cells = cells(table, after);
        while (!cells.isEmpty()) {
            List<Computed> computed = new ArrayList<>();
            for (Cell cell : cells) {
                for (int i = 0; i < DIMENSION; i++) {
                    vector[i] = (float) random.nextGaussian();
                }
                computed.add(new Computed(cell.rowId(), cell.stamp(), vector.clone()));
            }
            engine.write(table.id(), new Mutation.Fill("vector", computed)).join();
            after = cells.getLast().rowId();
            cells = cells(table, after);
        }
        say("fill of %,d cells of %d dimensions, batches of 300: %,.0f rows/s", rows, DIMENSION, rows / seconds(start));
    }

    private List<Cell> cells(Table table, long after) {
        return engine.reader(table.id()).cells(new CellQuery("vector", CellState.PENDING, "text", after, 300));
    }

    private static void median(String what, Runnable work) {
        long[] nanos = new long[60];
        for (int i = 0; i < nanos.length; i++) {
            long start = System.nanoTime();
            work.run();
            nanos[i] = System.nanoTime() - start;
        }
        long[] counted = Arrays.copyOfRange(nanos, 10, nanos.length);
        Arrays.sort(counted);
        say("%s: p50 %.2f ms, p95 %.2f ms", what, counted[25] / 1e6, counted[47] / 1e6);
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static void say(String format, Object... values) {
        System.out.printf(format + "%n", values);
    }
}
