package com.akidb.engine.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.engine.CellCounts;
import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.IndexMethod;
import com.akidb.engine.IndexStatus;
import com.akidb.engine.Mutation;
import com.akidb.engine.Row;
import com.akidb.engine.RowPage;
import com.akidb.engine.SearchResult.Hit;
import com.akidb.engine.Table;
import com.akidb.engine.TextSearch;
import com.akidb.engine.VectorSearch;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import com.akidb.query.Predicate.Operator;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process that writes, again and again, and compares what is left with a plain map of what was answered. More
 * rounds with {@code -Dakidb.crash.rounds=1000}, a certain run with {@code -Dakidb.crash.seed=...}.
 */
class CrashTests {

    private static final int MOST_ANSWERS = 1_500;

    private final long seed = Long.getLong("akidb.crash.seed", System.nanoTime() % 1_000_000);
    private final Random random = new Random(seed);
    private final List<Map<String, String>> expected = new ArrayList<>();

    @TempDir
    Path directory;

    @Test
    void losesNothingThatWasAnsweredAndKeepsNothingByHalvesWhenItIsKilled() throws Exception {
        for (int client = 0; client < CrashOperations.CLIENTS; client++) {
            expected.add(Map.of());
        }
        int rounds = Integer.getInteger("akidb.crash.rounds", 20);
        for (int round = 0; round < rounds; round++) {
            CrashOperations operations = new CrashOperations(seed + round);
            int[] answered = killAfterSomeAnswers(seed + round);
            try {
                judge(operations, answered);
            } catch (AssertionError e) {
                throw new AssertionError("round " + round + ", -Dakidb.crash.seed=" + seed, e);
            }
        }
    }

    /** Answers of each client. */
    private int[] killAfterSomeAnswers(long roundSeed) throws IOException, InterruptedException {
        // Now and then while it opens (1) or before its first answer (2).
        int lines = random.nextInt(8) == 0 ? 1 + random.nextInt(2) : 2 + random.nextInt(MOST_ANSWERS);
        Process process = victim(directory, roundSeed);
        int[] answered = new int[CrashOperations.CLIENTS];
        int read = 0;
        boolean ready = false;
        try (BufferedReader reader = process.errorReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.startsWith(CrashVictim.MARK)) {
                    continue;
                }
                ready |= line.endsWith("ready");
                count(line.substring(CrashVictim.MARK.length()), answered);
                if (++read == lines) {
                    // By its handle: the process itself would also close the stream, with the last answers in it.
                    process.toHandle().destroyForcibly();
                }
            }
        }
        process.waitFor();
        assertThat(ready || lines == 1)
                .as("the victim got as far as it should, seed %d", seed)
                .isTrue();
        return answered;
    }

    /** Starts the process that will be killed. */
    static Process victim(Path directory, long seed) throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--add-modules=jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrashVictim.class.getName(),
                        directory.toString(),
                        Long.toString(seed))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static void count(String line, int[] answered) {
        String[] parts = line.split(" ", -1);
        if (parts.length == 2) {
            int client = Integer.parseInt(parts[0]);
            assertThat(Integer.parseInt(parts[1])).isEqualTo(answered[client]);
            answered[client]++;
        }
    }

    private void judge(CrashOperations operations, int[] answered) {
        try (EmbeddedTableEngine engine = Engines.open(directory, CrashVictim.properties())) {
            Optional<Table> found = engine.find("documents");
            if (found.isEmpty()) {
                assertThat(answered).containsOnly(0);
                assertThat(expected).containsOnly(Map.of());
                return;
            }
            List<Row> rows = rows(engine, found.get());
            judgeRows(operations, answered, rows);
            judgeIndex(engine, found.get(), rows);
        }
    }

    private void judgeRows(CrashOperations operations, int[] answered, List<Row> rows) {
        for (int client = 0; client < CrashOperations.CLIENTS; client++) {
            Map<String, String> acknowledged = expected.get(client);
            for (int index = 0; index < answered[client]; index++) {
                acknowledged = CrashOperations.after(acknowledged, operations.operation(client, index));
            }
            Mutation inFlight = operations.operation(client, answered[client]);
            Map<String, String> actual = new HashMap<>();
            String prefix = CrashOperations.prefix(client);
            for (Row row : rows) {
                String key = (String) row.values().getFirst();
                if (key.startsWith(prefix)) {
                    assertThat(actual.put(key, (String) row.values().get(1))).isNull();
                }
            }
            assertThat(actual)
                    .as("client %d after %d answers, then %s", client, answered[client], inFlight)
                    .isIn(acknowledged, CrashOperations.after(acknowledged, inFlight));
            expected.set(client, actual);
        }
    }

    private void judgeIndex(EmbeddedTableEngine engine, Table table, List<Row> rows) {
        assertThat(table.rowCount()).isEqualTo(rows.size());
        List<Column> columns = table.definition().columns();
        for (int at = 0; at < columns.size(); at++) {
            Column column = columns.get(at);
            if (column.name().equals("extra")) {
                int extra = at;
                assertThat(rows)
                        .allMatch(
                                row -> CrashOperations.EXTRA.equals(row.values().get(extra)));
            }
            if (column.type() == ColumnType.VECTOR) {
                judgeVectors(engine, table, column, at, rows);
            }
        }
        judgeDeclared(engine, table, rows);
    }

    private static void judgeVectors(EmbeddedTableEngine engine, Table table, Column column, int at, List<Row> rows) {
        int vectors = 0;
        for (Row row : rows) {
            if (row.values().get(at) instanceof float[] stored) {
                vectors++;
                String text = (String) row.values().get(1);
                assertThat(stored).isEqualTo(CrashOperations.vector(text, column));
                VectorSearch search = new VectorSearch(column.name(), stored, 1, null, null, false, false);
                Hit nearest = engine.reader(table.id()).search(search).hits().getFirst();
                assertThat(nearest.score()).isGreaterThan(0.999f);
                assertThat(nearest.row().values().get(1)).isEqualTo(text);
            }
        }
        assertThat(engine.reader(table.id()).countCells(column.name()))
                .isEqualTo(new CellCounts(vectors, rows.size() - vectors, 0, 0));
        int expected = vectors;
        assertThat(engine.indexes(table.id()))
                .filteredOn(
                        status -> status.definition() == null && status.column().equals(column.name()))
                .allMatch(status -> status.rows() == expected)
                .hasSize(1);
    }

    /** What was being built is built to the end. */
    private static void judgeDeclared(EmbeddedTableEngine engine, Table table, List<Row> rows) {
        Awaitility.await()
                .until(() -> engine.indexes(table.id()).stream()
                        .noneMatch(status -> status.state().equals("building")));
        for (IndexStatus status : engine.indexes(table.id())) {
            assertThat(status.error()).isNull();
            if (status.definition() != null && status.definition().method() == IndexMethod.TEXT) {
                TextSearch search = new TextSearch(List.of("text"), CrashOperations.WORD, 10_000, null);
                assertThat(engine.reader(table.id()).searchText(search))
                        .extracting(TextSearch.TextHit::rowId)
                        .containsExactlyInAnyOrderElementsOf(
                                rows.stream().map(Row::rowId).toList());
            }
        }
        Predicate some = new Predicate.Compare(FieldPath.column("text"), Operator.GREATER, "5");
        assertThat(engine.reader(table.id()).count(some))
                .isEqualTo(rows.stream()
                        .filter(row -> ((String) row.values().get(1)).compareTo("5") > 0)
                        .count());
    }

    private static List<Row> rows(EmbeddedTableEngine engine, Table table) {
        List<Row> rows = new ArrayList<>();
        Long cursor = 0L;
        while (cursor != null) {
            RowPage page = engine.reader(table.id()).list(cursor, 1_000, true);
            rows.addAll(page.rows());
            cursor = page.nextCursor();
        }
        return rows;
    }
}
