package com.akidb.table.computed;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.account.Rights;
import com.akidb.engine.Row;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process that fills a column and changes its model, again and again, at any point. More rounds with {@code
 * -Dakidb.crash.rounds=100}, a certain run with {@code -Dakidb.crash.seed=...}.
 */
class FillCrashTests {

    private static final int MOST_LINES = 400;

    private final long seed = Long.getLong("akidb.crash.seed", System.nanoTime() % 1_000_000);
    private final Random random = new Random(seed);
    /** The text that was last known to be given to a row; the one after it may have been, without an answer. */
    private final Map<String, String> texts = new HashMap<>();

    @TempDir
    Path directory;

    @Test
    void neverMixesModelsNorTextsAndFillsAllInTheEndWhereverItIsKilled() throws Exception {
        int rounds = Integer.getInteger("akidb.crash.rounds", 6);
        for (int round = 0; round < rounds; round++) {
            try {
                killAfterSomeLines(seed + round);
                judge(round == rounds - 1);
            } catch (AssertionError e) {
                throw new AssertionError("round " + round + ", -Dakidb.crash.seed=" + seed, e);
            }
        }
    }

    private void killAfterSomeLines(long roundSeed) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--add-modules=jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FillVictim.class.getName(),
                        directory.toString(),
                        Long.toString(roundSeed))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        int lines = 1 + random.nextInt(MOST_LINES);
        int read = 0;
        try (BufferedReader reader = process.errorReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.startsWith(FillVictim.MARK)) {
                    continue;
                }
                String[] words = line.substring(FillVictim.MARK.length()).split(" ", -1);
                if (words[0].equals("text")) {
                    texts.put(words[1], "text " + words[2]);
                }
                if (++read == lines) {
                    process.toHandle().destroyForcibly();
                }
            }
        }
        process.waitFor();
        assertThat(read).as("the victim got as far as it should").isGreaterThanOrEqualTo(lines);
    }

    private void judge(boolean last) throws InterruptedException {
        try (ComputedRoom room = new ComputedRoom(directory, new ScriptedEmbedding())) {
            if (room.tables.list(Rights.ALL).isEmpty()
                    || room.columns.list(ComputedRoom.TABLE).isEmpty()) {
                assertThat(texts).isEmpty();
                return;
            }
            ComputedFixture.judge(room);
            int known = 0;
            for (Row row : room.all()) {
                String text = texts.get((String) row.values().getFirst());
                known += text == null || text.equals(row.values().get(1)) ? 1 : 0;
            }
            assertThat(known).as("at most one write was without an answer").isGreaterThanOrEqualTo(299);
            room.all()
                    .forEach(row -> texts.put((String) row.values().getFirst(), (String)
                            row.values().get(1)));
        }
    }
}
