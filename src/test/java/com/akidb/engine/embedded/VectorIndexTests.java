package com.akidb.engine.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.engine.Alteration;
import com.akidb.engine.Cell;
import com.akidb.engine.CellQuery;
import com.akidb.engine.CellState;
import com.akidb.engine.Column;
import com.akidb.engine.Fixtures;
import com.akidb.engine.IndexDefinition;
import com.akidb.engine.IndexMethod;
import com.akidb.engine.IndexStatus;
import com.akidb.engine.Mutation;
import com.akidb.engine.OnConflict;
import com.akidb.engine.RowSelection;
import com.akidb.engine.SearchResult;
import com.akidb.engine.Table;
import com.akidb.engine.Uncomputed;
import com.akidb.engine.VectorSearch;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import com.akidb.vector.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Indexes over vectors and filled cells, from the table's definition to the search and over restarts. */
class VectorIndexTests {

    private static final int DIMENSION = 16;
    private static final int ROWS = 2_500;
    private static final Duration LONGEST = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final Random random = new Random(20_261_125);

    private float[] vector() {
        float[] vector = new float[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }

    private Table filled(EmbeddedTableEngine engine) {
        Table table = engine.create(Fixtures.documents("t", DIMENSION));
        for (int from = 0; from < ROWS; from += 500) {
            List<List<@Nullable Object>> rows = new ArrayList<>();
            for (int i = from; i < from + 500; i++) {
                rows.add(Fixtures.document("k" + i, "text " + i, vector()));
            }
            Fixtures.done(engine.write(table.id(), new Mutation.Insert(rows, OnConflict.ERROR)));
        }
        return table;
    }

    private static IndexDefinition definition(IndexMethod method) {
        Map<String, Integer> parameters =
                method == IndexMethod.HNSW ? Map.of("m", 16, "ef_construction", 100) : Map.of("lists", 20);
        return new IndexDefinition("near", List.of("vector"), method, Metric.COSINE, parameters);
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static IndexStatus status(EmbeddedTableEngine engine, Table table) {
        return engine.indexes(table.id()).getLast();
    }

    private static void build(EmbeddedTableEngine engine, Table table) {
        await(() -> status(engine, table).state().equals("ready"));
    }

    private static String plan(EmbeddedTableEngine engine, Table table, float[] vector) {
        SearchResult result =
                engine.reader(table.id()).search(new VectorSearch("vector", vector, 10, null, null, false, true));
        return Objects.requireNonNull(result.explanation()).plan();
    }

    private static List<Long> found(EmbeddedTableEngine engine, Table table, float[] vector, boolean exact) {
        VectorSearch search = new VectorSearch(
                "vector",
                vector,
                10,
                null,
                null,
                false,
                false,
                new VectorSearch.Options(null, exact ? null : 400, exact));
        return engine.reader(table.id()).search(search).hits().stream()
                .map(hit -> hit.row().rowId())
                .toList();
    }

    private void findsWhatIsThere(EmbeddedTableEngine engine, Table table) {
        int good = 0;
        for (int i = 0; i < 20; i++) {
            float[] vector = vector();
            List<Long> exact = found(engine, table, vector, true);
            good += (int) found(engine, table, vector, false).stream()
                    .filter(exact::contains)
                    .count();
        }
        assertThat(good).isGreaterThan(190);
    }

    @ParameterizedTest
    @EnumSource(
            value = IndexMethod.class,
            names = {"HNSW", "IVFFLAT"})
    void areSearchedComeBackAfterARestartAndGo(IndexMethod method) {
        String plan = method.name().toLowerCase(Locale.ROOT);
        Table table;
        try (EmbeddedTableEngine engine = Engines.open(directory)) {
            table = filled(engine);
            assertThat(engine.createIndex(table.id(), definition(method)).definition())
                    .isEqualTo(definition(method));
            build(engine, table);
            assertThat(plan(engine, table, vector())).isEqualTo(plan);
            engine.rebuildIndex(table.id(), "near");
            build(engine, table);
            Fixtures.done(engine.write(table.id(), new Mutation.Delete(RowSelection.keys("k7", "k8"))));
            findsWhatIsThere(engine, table);
        }
        try (EmbeddedTableEngine engine = Engines.open(directory)) {
            assertThat(plan(engine, table, vector())).isEqualTo(plan);
            findsWhatIsThere(engine, table);
            assertThat(engine.dropIndex(table.id(), "near")).isTrue();
            assertThat(plan(engine, table, vector())).isEqualTo("exact");
        }
    }

    /** What is on the disk is copied while the engine runs, as a crash would leave it: the snapshot is older than the rows. */
    @ParameterizedTest
    @EnumSource(
            value = IndexMethod.class,
            names = {"HNSW", "IVFFLAT"})
    void areRightAfterACrashBehindTheirSnapshot(IndexMethod method) throws IOException {
        Table table;
        try (EmbeddedTableEngine engine = Engines.open(directory)) {
            table = filled(engine);
            engine.createIndex(table.id(), definition(method));
            build(engine, table);
        }
        Path crashed = Files.createDirectory(directory.resolve("crashed"));
        try (EmbeddedTableEngine engine = Engines.open(directory)) {
            List<List<@Nullable Object>> rows = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                rows.add(Fixtures.document("k" + i, "other text " + i, vector()));
            }
            Fixtures.done(engine.write(table.id(), new Mutation.Insert(rows, OnConflict.REPLACE)));
            Fixtures.done(engine.write(table.id(), new Mutation.Delete(RowSelection.keys("k400", "k401"))));
            Fixtures.done(engine.write(
                    table.id(), new Mutation.Update(RowSelection.keys("k500"), Map.of("vector", vector()))));
            copy(directory, crashed);
        }
        try (EmbeddedTableEngine engine = Engines.open(crashed)) {
            findsWhatIsThere(engine, table);
            build(engine, table);
            findsWhatIsThere(engine, table);
            assertThat(engine.reader(table.id())
                            .search(new VectorSearch("vector", vector(), 5_000, null, null, false, false))
                            .hits())
                    .hasSize(ROWS - 2);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> !file.startsWith(to))
                    .toList()) {
                Path target = to.resolve(from.relativize(file));
                Files.createDirectories(Objects.requireNonNull(target.getParent()));
                Files.copy(file, target);
            }
        }
    }

    @Test
    void followsCellsThatAreFilledAndAColumnThatTakesAnothersPlace() {
        try (EmbeddedTableEngine engine = Engines.open(directory)) {
            Table table = filled(engine);
            engine.createIndex(table.id(), definition(IndexMethod.IVFFLAT));
            build(engine, table);
            engine.alter(
                    table.id(),
                    new Alteration.AddColumn(
                            Column.vector("next", 3, Metric.EUCLIDEAN),
                            new Predicate.Not(new Predicate.IsNull(FieldPath.column("text")))));
            fill(engine, table);
            assertThat(engine.reader(table.id()).countCells("next").ready()).isEqualTo(ROWS);
            assertThat(nearest(engine, table, "next", 42)).isEqualTo("k42");
            Fixtures.done(engine.write(
                    table.id(),
                    new Mutation.Update(
                            RowSelection.keys("k42"), Map.of("text", "text 43", "next", new Uncomputed.Pending()))));
            assertThat(nearest(engine, table, "next", 42)).isNotEqualTo("k42");
            fill(engine, table);
            assertThat(nearest(engine, table, "next", 43)).isIn("k42", "k43");
            engine.alter(table.id(), new Alteration.ReplaceColumn("vector", "next", Map.of()));
            assertThat(nearest(engine, table, "vector", 44)).isEqualTo("k44");
            build(engine, table);
            assertThat(status(engine, table).definition()).isEqualTo(definition(IndexMethod.IVFFLAT));
            assertThat(nearest(engine, table, "vector", 45)).isEqualTo("k45");
        }
    }

    private static String nearest(EmbeddedTableEngine engine, Table table, String column, int number) {
        VectorSearch search = new VectorSearch(column, new float[] {number, 1, 0}, 1, null, null, false, false);
        return String.valueOf(engine.reader(table.id())
                .search(search)
                .hits()
                .getFirst()
                .row()
                .values()
                .getFirst());
    }

    /** Computes the vector {@code (number, 1, 0)} of each cell that waits from the text {@code "text number"}. */
    private static void fill(EmbeddedTableEngine engine, Table table) {
        while (true) {
            List<Cell> waiting =
                    engine.reader(table.id()).cells(new CellQuery("next", CellState.PENDING, "text", 0, 1_000));
            if (waiting.isEmpty()) {
                return;
            }
            List<Mutation.Computed> computed = waiting.stream()
                    .map(cell -> new Mutation.Computed(cell.rowId(), cell.stamp(), new float[] {
                        Integer.parseInt(String.valueOf(cell.source()).substring("text ".length())), 1, 0
                    }))
                    .toList();
            Fixtures.done(engine.write(table.id(), new Mutation.Fill("next", computed)));
        }
    }
}
