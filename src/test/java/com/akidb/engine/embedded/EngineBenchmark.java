package com.akidb.engine.embedded;

import com.akidb.engine.Fixtures;
import com.akidb.engine.Mutation;
import com.akidb.engine.OnConflict;
import com.akidb.engine.Table;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Durable inserts of 384-dimensional documents per second: the engine, acknowledged and searchable, against bare SQLite
 * with the same rows in the same groups. Run it by hand with a directory and optionally the number of rounds; figures
 * within a round are comparable, those of different runs only roughly.
 */
final class EngineBenchmark {

    private static final int DIMENSION = 384;
    private static final String TEXT =
            "the part of a river that is shallow enough to be crossed on foot or by a vehicle";

    private final Path directory;
    private final Random random = new Random(1);

    private EngineBenchmark(Path directory) {
        this.directory = directory;
    }

    public static void main(String[] arguments) throws Exception {
        Path parent = Path.of(arguments[0]);
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        for (int round = 0; round < rounds; round++) {
            Path directory = Files.createTempDirectory(parent, "engine-benchmark");
            try {
                new EngineBenchmark(directory).round();
            } finally {
                delete(directory);
            }
        }
    }

    private void round() throws Exception {
        Figure rawSingle = raw(1, 2_000);
        Figure rawBatch = raw(500, 40);
        try (EmbeddedTableEngine engine = Engines.open(directory)) {
            Table table = engine.create(Fixtures.documents("documents", DIMENSION));
            Figure single = engine(engine, table, 1, 1, 2_000);
            Figure clients = engine(engine, table, 32, 1, 200);
            Figure batch = engine(engine, table, 1, 500, 40);
            Figure batches = engine(engine, table, 4, 500, 10);
            say("one by one", single, rawSingle);
            say("32 clients one by one", clients, rawSingle);
            say("batches of 500", batch, rawBatch);
            say("4 clients, batches of 500", batches, rawBatch);
        }
        long start = System.nanoTime();
        try (EmbeddedTableEngine engine = Engines.open(directory)) {
            long rows = engine.find("documents").orElseThrow().rowCount();
            System.out.printf("opened with %d rows in %.3f s%n", rows, (System.nanoTime() - start) / 1e9);
        }
    }

    private Figure engine(EmbeddedTableEngine engine, Table table, int clients, int rows, int writes)
            throws InterruptedException {
        List<List<Mutation>> prepared = new ArrayList<>();
        for (int client = 0; client < clients; client++) {
            List<Mutation> mutations = new ArrayList<>();
            for (int i = 0; i < writes; i++) {
                mutations.add(new Mutation.Insert(documents(rows), OnConflict.REPLACE));
            }
            prepared.add(mutations);
        }
        CountDownLatch done = new CountDownLatch(clients);
        long start = System.nanoTime();
        long startCpu = cpu();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (List<Mutation> mutations : prepared) {
                executor.execute(() -> {
                    mutations.forEach(
                            mutation -> engine.write(table.id(), mutation).join());
                    done.countDown();
                });
            }
            done.await();
        }
        return figure((long) clients * rows * writes, start, startCpu);
    }

    private List<List<@Nullable Object>> documents(int count) {
        List<List<@Nullable Object>> documents = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] vector = new float[DIMENSION];
            for (int j = 0; j < DIMENSION; j++) {
                vector[j] = (float) random.nextGaussian();
            }
            documents.add(Fixtures.document(key(), TEXT, vector));
        }
        return documents;
    }

    private Figure raw(int rows, int commits) throws SQLException {
        Path file = directory.resolve("raw" + rows + ".db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA page_size=8192");
            statement.execute("PRAGMA journal_mode=WAL");
            statement.execute("PRAGMA synchronous=FULL");
            statement.execute("PRAGMA wal_autocheckpoint=4096");
            statement.execute("CREATE TABLE d (n INTEGER PRIMARY KEY, id TEXT UNIQUE, t TEXT, m TEXT, v BLOB)");
            byte[] blob = new byte[DIMENSION * Float.BYTES];
            long start = System.nanoTime();
            long startCpu = cpu();
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO d (id, t, m, v) VALUES (?, ?, ?, ?)")) {
                for (int commit = 0; commit < commits; commit++) {
                    statement.execute("BEGIN IMMEDIATE");
                    for (int row = 0; row < rows; row++) {
                        random.nextBytes(blob);
                        insert.setString(1, key());
                        insert.setString(2, TEXT);
                        insert.setString(3, "{\"area\":\"north\"}");
                        insert.setBytes(4, blob);
                        insert.executeUpdate();
                    }
                    statement.execute("COMMIT");
                }
            }
            return figure((long) rows * commits, start, startCpu);
        }
    }

    private String key() {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    /** Processor time in nanoseconds that this process has used. */
    private static long cpu() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static Figure figure(long rows, long startNanos, long startCpu) {
        return new Figure(rows / ((System.nanoTime() - startNanos) / 1e9), (cpu() - startCpu) / 1e3 / rows);
    }

    private static void say(String what, Figure engine, Figure sqlite) {
        System.out.printf(
                "%-26s SQLite %6.0f rows/s, %5.1f CPU us/row; engine %6.0f (%.2f), %5.1f (%.2f)%n",
                what,
                sqlite.rowsPerSecond(),
                sqlite.cpuMicrosPerRow(),
                engine.rowsPerSecond(),
                engine.rowsPerSecond() / sqlite.rowsPerSecond(),
                engine.cpuMicrosPerRow(),
                engine.cpuMicrosPerRow() / sqlite.cpuMicrosPerRow());
    }

    /** How fast rows were written, and what it cost. */
    private record Figure(double rowsPerSecond, double cpuMicrosPerRow) {}

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
