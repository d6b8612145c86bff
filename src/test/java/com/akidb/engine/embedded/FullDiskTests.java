package com.akidb.engine.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.akidb.engine.Alteration;
import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.Fixtures;
import com.akidb.engine.IndexDefinition;
import com.akidb.engine.IndexMethod;
import com.akidb.engine.IndexStatus;
import com.akidb.engine.Mutation;
import com.akidb.engine.OnConflict;
import com.akidb.engine.RowSelection;
import com.akidb.engine.Table;
import com.akidb.error.AkidbException;
import com.akidb.error.ErrorCode;
import com.akidb.error.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writes to a real file system until it is full. Needs the right to mount one. */
class FullDiskTests {

    private static final String TEXT = "text ".repeat(2_000);

    @TempDir
    Path mountPoint;

    private boolean mounted;

    @BeforeEach
    void mount() throws Exception {
        mounted = run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", mountPoint.toString());
        assumeTrue(mounted, "no right to mount a small file system");
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            run("umount", mountPoint.toString());
        }
    }

    @Test
    void answersStorageFullWithNothingHalfDoneAndGoesOnWhenThereIsRoom() throws IOException {
        Path ballast = mountPoint.resolve("ballast");
        Files.write(ballast, new byte[5 << 20]);
        int acknowledged = 0;
        try (EmbeddedTableEngine engine = Engines.open(mountPoint)) {
            Table table = engine.create(Fixtures.documents("t"));
            ErrorCode failure = null;
            while (failure == null && acknowledged < 1_000) {
                failure = write(engine, table, acknowledged);
                acknowledged += failure == null ? 2 : 0;
            }
            assertThat(failure).isEqualTo(ErrorCode.STORAGE_FULL);
            assertThat(write(engine, table, acknowledged)).isEqualTo(ErrorCode.STORAGE_FULL);
            assertWhole(engine, acknowledged);

            Files.delete(ballast);
            assertThat(write(engine, table, acknowledged)).isNull();
            acknowledged += 2;
            assertWhole(engine, acknowledged);
        }
        try (EmbeddedTableEngine engine = Engines.open(mountPoint)) {
            assertWhole(engine, acknowledged);
        }
    }

    @Test
    void altersAndUpdatesAllRowsOrNoneWhenTheDiskFillsInTheMiddle() throws Exception {
        int rows = 100;
        try (EmbeddedTableEngine engine = Engines.open(mountPoint)) {
            Table table = engine.create(Fixtures.documents("t"));
            for (int i = 0; i < rows; i += 2) {
                assertThat(write(engine, table, i)).isNull();
            }
            Path ballast = fillUpTo(200_000);
            Column wide = Column.of("wide", ColumnType.STRING, true).withDefault(TEXT);
            Mutation update = new Mutation.Update(new RowSelection.All(), Map.of("text", TEXT + TEXT));
            assertThat(failure(() -> engine.alter(table.id(), new Alteration.AddColumn(wide, null))))
                    .isEqualTo(ErrorCode.STORAGE_FULL);
            assertThat(failure(() -> Fixtures.done(engine.write(table.id(), update))))
                    .isEqualTo(ErrorCode.STORAGE_FULL);
            assertThat(engine.find("t").orElseThrow().definition()).isEqualTo(table.definition());
            assertWhole(engine, rows);
            assertThat(engine.reader(table.id()).list(0, 1_000, false).rows())
                    .allMatch(row -> row.values().get(1).equals(TEXT));

            Files.delete(ballast);
            engine.alter(table.id(), new Alteration.AddColumn(wide.withDefault("d"), null));
            assertThat(Fixtures.done(engine.write(
                                    table.id(), new Mutation.Update(new RowSelection.All(), Map.of("text", "short"))))
                            .updated())
                    .isEqualTo(rows);
            assertWhole(engine, rows);
            assertThat(engine.reader(table.id())
                            .search(Fixtures.search(rows, 1, 0))
                            .hits())
                    .hasSize(rows)
                    .allMatch(hit -> hit.row().values().get(1).equals("short"));
        }
    }

    @Test
    void deletesOnAFullDiskAndHasRoomAgain() throws Exception {
        int rows = 400;
        try (EmbeddedTableEngine engine = Engines.open(mountPoint)) {
            Table table = engine.create(Fixtures.documents("t"));
            int acknowledged = 0;
            ErrorCode failure = null;
            while (failure == null && acknowledged < rows) {
                failure = write(engine, table, acknowledged);
                acknowledged += failure == null ? 2 : 0;
            }
            Awaitility.await()
                    .until(() -> mountPoint.resolve("akidb.reserve").toFile().length() > 0);
            fillUpTo(0);
            int there = acknowledged;
            while (failure == null) {
                failure = write(engine, table, there);
                there += failure == null ? 2 : 0;
            }
            assertThat(failure).isEqualTo(ErrorCode.STORAGE_FULL);

            for (int i = 0; i < there; i += there / 4 + 1) {
                List<String> keys = IntStream.range(i, Math.min(there, i + there / 4 + 1))
                        .mapToObj(number -> "k" + number)
                        .toList();
                assertThat(failure(() -> Fixtures.done(
                                engine.write(table.id(), new Mutation.Delete(new RowSelection.Keys(keys))))))
                        .as("deleting from %d of %d", i, there)
                        .isNull();
            }
            assertWhole(engine, 0);
            // At once, unless a reader kept the log from being emptied; then a second later.
            Awaitility.await().until(() -> write(engine, table, 0) == null);
            for (int i = 2; i < 50; i += 2) {
                assertThat(write(engine, table, i)).isNull();
            }
            assertWhole(engine, 50);
        }
    }

    @Test
    void dropsATableOnAFullDisk() throws Exception {
        try (EmbeddedTableEngine engine = Engines.open(mountPoint)) {
            Table table = engine.create(Fixtures.documents("t"));
            for (int i = 0; i < 150; i += 2) {
                assertThat(write(engine, table, i)).isNull();
            }
            Awaitility.await()
                    .until(() -> mountPoint.resolve("akidb.reserve").toFile().length() > 0);
            fillUpTo(0);
            int there = 150;
            while (write(engine, table, there) == null) {
                there += 2;
            }
            assertThat(engine.drop(table.id())).isTrue();
            // At once, unless a reader kept the log from being emptied; then a second later.
            Awaitility.await().until(() -> failure(() -> engine.create(Fixtures.documents("t"))) == null);
            Table other = engine.find("t").orElseThrow();
            assertThat(write(engine, other, 0)).isNull();
        }
    }

    @Test
    void saysWhyAnIndexCouldNotBeBuiltAndBuildsItWhenThereIsRoom() throws Exception {
        try (EmbeddedTableEngine engine = Engines.open(mountPoint)) {
            Table table = engine.create(Fixtures.documents("t"));
            for (int i = 0; i < 100; i += 2) {
                assertThat(write(engine, table, i)).isNull();
            }
            Path ballast = fillUpTo(300_000);
            IndexDefinition tree = new IndexDefinition("tree", List.of("text"), IndexMethod.BTREE, null, Map.of());
            assertThat(failure(() -> engine.createIndex(table.id(), tree))).isNull();
            Awaitility.await().until(() -> status(engine, table).state().equals("failed"));
            assertThat(status(engine, table).error()).contains("disk is full");
            assertWhole(engine, 100);

            Files.delete(ballast);
            engine.rebuildIndex(table.id(), "tree");
            Awaitility.await().until(() -> status(engine, table).state().equals("ready"));
            assertThat(status(engine, table).error()).isNull();
        }
    }

    private static IndexStatus status(EmbeddedTableEngine engine, Table table) {
        return engine.indexes(table.id()).getLast();
    }

    /** Leaves about so many bytes. */
    private Path fillUpTo(long left) throws IOException {
        Path ballast = mountPoint.resolve("ballast");
        long room = mountPoint.toFile().getUsableSpace() - left;
        Files.write(ballast, new byte[(int) Math.max(0, room)]);
        return ballast;
    }

    private static @Nullable ErrorCode failure(Runnable work) {
        try {
            work.run();
            return null;
        } catch (AkidbException e) {
            return e.code();
        }
    }

    @Test
    void saysAtStartThatThereIsNoRoomForADatabase() throws IOException {
        Path ballast = mountPoint.resolve("ballast");
        byte[] block = new byte[4096];
        try (var out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            assertThat(Files.size(ballast)).isGreaterThan(1 << 20);
        }
        assertThatThrownBy(() -> Engines.open(mountPoint)).isInstanceOf(UnavailableException.class);
        Files.delete(ballast);
        Engines.open(mountPoint).close();
    }

    private static @Nullable ErrorCode write(EmbeddedTableEngine engine, Table table, int number) {
        try {
            Fixtures.done(engine.write(
                    table.id(),
                    new Mutation.Insert(
                            List.of(
                                    Fixtures.document("k" + number, TEXT, 1, number),
                                    Fixtures.document("k" + (number + 1), TEXT, 1, number + 1)),
                            OnConflict.ERROR)));
            return null;
        } catch (AkidbException e) {
            return e.code();
        }
    }

    private static void assertWhole(EmbeddedTableEngine engine, int rows) {
        Table table = engine.find("t").orElseThrow();
        assertThat(table.rowCount()).isEqualTo(rows);
        assertThat(engine.reader(table.id()).list(0, 1_000, true).rows())
                .extracting(row -> row.values().getFirst())
                .hasSize(rows)
                .doesNotHaveDuplicates();
        assertThat(engine.indexes(table.id()).getFirst().rows()).isEqualTo(rows);
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException noSuchProgram) {
            return false;
        }
    }
}
