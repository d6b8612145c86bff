package com.akidb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.akidb.engine.SearchResult.Hit;
import com.akidb.error.AkidbException;
import com.akidb.error.ErrorCode;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import com.akidb.query.Predicate.Operator;
import com.akidb.vector.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How engines find the nearest rows. */
public abstract class NearestContract extends TableEngineContract {

    private static final int ROWS = 3_000;
    private static final int DIMENSION = 64;
    private static final int K = 10;

    /** Mean share of the true nearest rows that an engine must find. */
    private static final double LEAST_RECALL = 0.95;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    /** Whether the engine can answer short searches over few rows without blocking. */
    protected boolean answersFromMemory() {
        return true;
    }

    @Test
    void findsTheNearestRowsBestFirst() {
        Table table = engine.create(Fixtures.documents("t"));
        put(table, "north", "n", 0, 1);
        put(table, "east", "e", 1, 0);
        put(table, "north-east", "ne", 1, 1);
        insert(table, OnConflict.ERROR, Arrays.asList("nowhere", "x", null, null));
        assertThat(nearest(table, 2, 0, 1)).containsExactly("north:n", "north-east:ne");
        SearchResult result = engine.reader(table.id())
                .search(new VectorSearch("vector", new float[] {0, 1}, 10, null, 0.5f, true, true));
        assertThat(result.hits()).hasSize(2);
        assertThat(result.hits().getFirst().score()).isEqualTo(1);
        assertThat((float[]) result.hits().getFirst().row().values().get(3)).containsExactly(0, 1);
        SearchExplanation explanation = Objects.requireNonNull(result.explanation());
        assertThat(explanation.plan()).isNotEmpty();
        assertThat(explanation.reason()).isNotEmpty();
        assertThat(explanation.rows()).isEqualTo(3);
        assertThat(explanation.passing()).isEqualTo(3);
    }

    @Test
    void answersSearchesFromMemoryLikeOthers() {
        Table table = engine.create(Fixtures.documents("t"));
        put(table, "a", "x", 1, 0);
        put(table, "b", "y", 0, 1);
        VectorSearch search = Fixtures.search(5, 1, 0);
        assertThat(keys(engine.reader(table.id()).search(search))).containsExactly("a", "b");
        assertCached(table, search, "a", "b");
        delete(table, "a");
        assertCached(table, search, "b");
        put(table, "c", "z", 0.5f, 1);
        assertThat(keys(engine.reader(table.id()).search(search))).containsExactly("c", "b");
        assertCached(table, search, "c", "b");
    }

    private void assertCached(Table table, VectorSearch search, String... keys) {
        SearchResult cached = engine.reader(table.id()).searchCached(search);
        if (answersFromMemory()) {
            assertThat(cached).isNotNull();
        }
        if (cached != null) {
            assertThat(keys(cached)).containsExactly(keys);
        }
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            assertThat(keys(engine.reader(table.id()).search(search, threads).join()))
                    .containsExactly(keys);
        }
    }

    private static List<@Nullable Object> keys(SearchResult result) {
        List<@Nullable Object> keys = new ArrayList<>();
        result.hits().forEach(hit -> keys.add(hit.row().values().getFirst()));
        return keys;
    }

    /** A key, which of a hundred parts the row is in, and a vector. */
    private static TableDefinition parts(Metric metric) {
        return new TableDefinition(
                "parts",
                List.of(
                        Column.of("id", ColumnType.STRING, true),
                        Column.of("part", ColumnType.INT, false),
                        Column.vector("vector", DIMENSION, metric)),
                "id",
                Map.of());
    }

    private List<List<@Nullable Object>> rows(int count) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Object vector = i % 50 == 49 ? null : vector();
            rows.add(Arrays.asList("k" + i, i % 10 == 9 ? null : (Object) (long) random.nextInt(100), vector));
        }
        return rows;
    }

    /** About one of twenty directions, as texts are about subjects. */
    private float[] vector() {
        int subject = random.nextInt(20);
        float[] vector = new float[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            vector[i] = (float) (random.nextGaussian() + (i % 20 == subject ? 3 : 0));
        }
        return vector;
    }

    @ParameterizedTest
    @EnumSource(Metric.class)
    void findsNearlyAllOfTheTrueNearestUnderAnyFilter(Metric metric) {
        Table table = engine.create(parts(metric));
        List<List<@Nullable Object>> rows = rows(ROWS);
        Fixtures.done(engine.write(table.id(), new Mutation.Insert(rows, OnConflict.ERROR)));
        for (long below : new long[] {1, 10, 50, 100}) {
            Predicate filter = new Predicate.Compare(FieldPath.column("part"), Operator.LESS, below);
            List<List<@Nullable Object>> passing = rows.stream()
                    .filter(row -> row.get(2) != null && row.get(1) instanceof Long part && part < below)
                    .toList();
            double found = 0;
            int searches = 20;
            for (int i = 0; i < searches; i++) {
                float[] query = vector();
                List<Expected> expected = expected(passing, metric, query, K);
                SearchResult result = engine.reader(table.id())
                        .search(new VectorSearch("vector", query, K, filter, null, false, true));
                assertThat(result.hits()).as("seed %d", seed).hasSameSizeAs(expected);
                assertThat(Objects.requireNonNull(result.explanation()).passing())
                        .as("seed %d, below %d", seed, below)
                        .isEqualTo(passing.size());
                found += recall(result, expected);
            }
            assertThat(found / searches)
                    .as("seed %d, %s, below %d", seed, metric, below)
                    .isGreaterThanOrEqualTo(LEAST_RECALL);
        }
    }

    @ParameterizedTest
    @EnumSource(Metric.class)
    void findsExactlyTheNearestIfAskedAndAllAboveAThreshold(Metric metric) {
        Table table = engine.create(parts(Metric.COSINE));
        List<List<@Nullable Object>> rows = rows(ROWS);
        Fixtures.done(engine.write(table.id(), new Mutation.Insert(rows, OnConflict.ERROR)));
        VectorSearch.Options exactly = new VectorSearch.Options(metric, null, true);
        for (int i = 0; i < 10; i++) {
            float[] query = vector();
            List<Expected> best = expected(rows, metric, query, K);
            SearchResult result = engine.reader(table.id())
                    .search(new VectorSearch("vector", query, K, null, null, false, false, exactly));
            assertThat(keys(result)).as("seed %d", seed).hasSize(K).doesNotHaveDuplicates();
            for (int j = 0; j < K; j++) {
                Hit hit = result.hits().get(j);
                float score = best.get(j).score();
                assertThat(hit.score())
                        .as("seed %d", seed)
                        .isCloseTo(score, within(1e-5f * Math.max(1, Math.abs(score))));
                assertThat(hit.row().values().get(2))
                        .as("no vector is asked for")
                        .isNull();
            }
            float threshold = result.hits().get(4).score();
            assertThat(keys(engine.reader(table.id())
                            .search(new VectorSearch("vector", query, K, null, threshold, false, false, exactly))))
                    .as("seed %d", seed)
                    .isEqualTo(keys(result).subList(0, 5));
            assertThat(engine.reader(table.id())
                            .search(new VectorSearch("vector", query, K, null, Float.MAX_VALUE, false, false, exactly))
                            .hits())
                    .isEmpty();
        }
        SearchResult all = engine.reader(table.id())
                .search(new VectorSearch("vector", vector(), 2 * ROWS, null, null, false, false, exactly));
        assertThat(keys(all))
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(rows.stream()
                        .filter(row -> row.get(2) != null)
                        .map(List::getFirst)
                        .toList());
    }

    private record Expected(Object key, float score) {}

    /** The best rows by comparing all. */
    private static List<Expected> expected(List<List<@Nullable Object>> rows, Metric metric, float[] query, int k) {
        return rows.stream()
                .filter(row -> row.get(2) != null)
                .map(row -> new Expected(Objects.requireNonNull(row.getFirst()), metric.score(query, (float[])
                        Objects.requireNonNull(row.get(2)))))
                .sorted(Comparator.comparing(Expected::score).reversed())
                .limit(k)
                .toList();
    }

    private static double recall(SearchResult result, List<Expected> expected) {
        Set<@Nullable Object> found = new HashSet<>(keys(result));
        return expected.stream().filter(row -> found.contains(row.key())).count() / (double) expected.size();
    }

    @Test
    void putsRowsOfOneScoreInTheOrderOfTheirInsertion() {
        Table table = engine.create(Fixtures.documents("t"));
        for (String key : List.of("b", "a", "c")) {
            put(table, key, "x", 1, 0);
        }
        assertThat(nearest(table, 2, 1, 0)).containsExactly("b:x", "a:x");
        put(table, "b", "y", 1, 0);
        assertThat(nearest(table, 3, 1, 0)).containsExactly("a:x", "c:x", "b:y");
    }

    @Test
    void seesEveryWriteThatWasAnswered() {
        Table table = engine.create(parts(Metric.EUCLIDEAN));
        List<List<@Nullable Object>> rows = rows(200);
        Set<Object> there = new HashSet<>();
        for (int step = 0; step < 400; step++) {
            List<@Nullable Object> row = rows.get(random.nextInt(rows.size()));
            String key = (String) Objects.requireNonNull(row.getFirst());
            if (random.nextInt(3) > 0) {
                insert(table, OnConflict.REPLACE, row);
                if (row.get(2) != null) {
                    there.add(key);
                }
            } else {
                delete(table, key);
                there.remove(key);
            }
            if (row.get(2) instanceof float[] vector) {
                List<@Nullable Object> nearest = keys(engine.reader(table.id())
                        .search(new VectorSearch("vector", vector, 1, null, null, false, false)));
                assertThat(nearest.contains(key))
                        .as("seed %d step %d", seed, step)
                        .isEqualTo(there.contains(key));
            }
        }
        reopen();
        assertThat(keys(engine.reader(table.id())
                        .search(new VectorSearch("vector", vector(), 1_000, null, null, false, false))))
                .containsExactlyInAnyOrderElementsOf(there);
    }

    @Test
    void refusesSearchesThatCannotBe() {
        Table table = engine.create(Fixtures.everyType("t"));
        Predicate unknown = new Predicate.IsNull(FieldPath.column("itn"));
        Predicate vectors = new Predicate.IsNull(FieldPath.column("vector"));
        insert(table, OnConflict.ERROR, Arrays.asList("a", 1L, null, null, null, null, new float[] {1, 0, 0}));
        assertRefused(ErrorCode.DIMENSION_MISMATCH, () -> search(table, "vector", null, 1, 0));
        assertRefused(ErrorCode.INVALID_ARGUMENT, () -> search(table, "int", null, 1, 0, 0));
        assertRefused(ErrorCode.INVALID_ARGUMENT, () -> search(table, "nothing", null, 1, 0, 0));
        assertRefused(ErrorCode.UNKNOWN_FIELD, () -> search(table, "vector", unknown, 1, 0, 0));
        assertRefused(ErrorCode.INVALID_ARGUMENT, () -> search(table, "vector", vectors, 1, 0, 0));
    }

    private SearchResult search(Table table, String column, @Nullable Predicate filter, float... vector) {
        return engine.reader(table.id()).search(new VectorSearch(column, vector, 5, filter, null, false, false));
    }

    private static void assertRefused(ErrorCode code, ThrowingCallable search) {
        assertThatThrownBy(search)
                .isInstanceOfSatisfying(
                        AkidbException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
