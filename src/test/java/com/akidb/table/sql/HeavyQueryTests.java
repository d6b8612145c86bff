package com.akidb.table.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.account.Account;
import com.akidb.collection.TestCollections;
import com.akidb.collection.WordEmbedding;
import com.akidb.concurrent.Patience;
import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.GroupQuery;
import com.akidb.engine.Mutation;
import com.akidb.engine.OnConflict;
import com.akidb.engine.RowQuery;
import com.akidb.engine.RowSelection;
import com.akidb.engine.Table;
import com.akidb.engine.TableDefinition;
import com.akidb.engine.embedded.EmbeddedTableEngine;
import com.akidb.engine.embedded.Engines;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import com.akidb.table.ColumnEmbedder;
import com.akidb.table.ColumnFacts;
import com.akidb.table.SqlProperties;
import com.akidb.table.SqlService.SqlAnswer;
import com.akidb.table.TableDirectory;
import com.akidb.table.search.TestSearches;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/** Requests that cost their sender little and the server much, beside those of others. */
class HeavyQueryTests {

    private static final int ROWS = 300;
    private static final int OF_EACH_KIND = 6;
    private static final int HONEST_ROUNDS = 20;
    private static final Duration FOR_EVER = Duration.ofMinutes(10);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String ENDLESS = "select count(*) from t a, t b, t c, t d where a.n + b.n + c.n + d.n = -1";

    @TempDir
    private Path directory;

    private EmbeddedTableEngine engine;
    private Table table;
    private EngineSqlService sql;
    private ExecutorService callers;

    @BeforeEach
    void open() {
        engine = Engines.open(directory);
        callers = Executors.newVirtualThreadPerTaskExecutor();
        ColumnEmbedder embedder = TestCollections.embedder(new WordEmbedding(8), 4);
        sql = new EngineSqlService(
                engine,
                new TableDirectory(engine),
                embedder,
                TestSearches.of(engine, embedder, 100, callers),
                new SqlProperties(1000, DataSize.ofMegabytes(4), FOR_EVER));
        table = engine.create(new TableDefinition(
                "t",
                List.of(Column.of("n", ColumnType.INT, true), Column.of("s", ColumnType.STRING, false)),
                "n",
                Map.of(ColumnFacts.KIND, ColumnFacts.TABLE)));
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (long i = 0; i < ROWS; i++) {
            rows.add(Arrays.asList(i, "a".repeat(50_000)));
        }
        insert(rows).join();
    }

    @AfterEach
    void close() {
        callers.close();
        engine.close();
    }

    private CompletableFuture<?> insert(List<List<@Nullable Object>> rows) {
        return engine.write(table.id(), new Mutation.Insert(rows, OnConflict.ERROR));
    }

    private CompletableFuture<SqlAnswer> select(String query, @Nullable Object... params) {
        return sql.query(query, Arrays.asList(params), FOR_EVER, Account.SERVER);
    }

    private <T> CompletableFuture<T> call(Supplier<T> work) {
        return Patience.supply(callers, work);
    }

    /** Each kind several times: more than there are connections. */
    private List<CompletableFuture<?>> attack() {
        Predicate like = new Predicate.Like(FieldPath.column("s"), "%" + "a".repeat(4_000) + "b");
        Predicate heavy = new Predicate.Or(Collections.nCopies(40, like));
        List<CompletableFuture<?>> attacks = new ArrayList<>();
        for (int i = 0; i < OF_EACH_KIND; i++) {
            attacks.add(select(ENDLESS));
            attacks.add(select("select count(*) from t a, t b where a.s || b.s like '%b'"));
            attacks.add(select("select count(*) from t where s like ?", "%" + "a".repeat(300_000) + "b"));
            attacks.add(select("select count(*) from t a, t b where length(" + "a.s || ".repeat(200) + "b.s) = 1"));
            attacks.add(call(() -> engine.reader(table.id()).count(heavy)));
            attacks.add(call(() -> engine.reader(table.id())
                    .query(new RowQuery(heavy, List.of(), null, 0, 10, Long.MAX_VALUE, false))));
            attacks.add(call(() ->
                    engine.reader(table.id()).groups(new GroupQuery(heavy, List.of(FieldPath.column("n")), true, 10))));
        }
        return attacks;
    }

    @Test
    void textsThatAQueryMakesShareTheMemoryOfOneQuery() {
        String doubled = "select x || x as x from (".repeat(12) + "select s as x from t limit 1" + ")".repeat(12);
        String columns = String.join(", ", Collections.nCopies(64, "y"));
        for (String query : List.of(
                "select length(x) from (" + doubled + ")",
                "select " + columns + " from (select " + "s || ".repeat(200) + "s as y from t limit 1)",
                "select " + String.join(" + ", Collections.nCopies(300, "length(s || s || s || s || s || s || s || s)"))
                        + " from t")) {
            assertThat(select(query))
                    .as(query)
                    .failsWithin(PATIENCE)
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOfSatisfying(
                            InvalidInputException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.OUT_OF_RANGE));
        }
        assertThat(select("select length(s || s || s) from t limit 1").join().rows())
                .isEqualTo(List.of(List.of(150_000L)));
    }

    @Test
    void othersWriteBesideOnesWhoseConditionsTakeLongAndNothingIsLeftOfThoseThatAreGivenUp() {
        Predicate like = new Predicate.Like(FieldPath.column("s"), "%" + "a".repeat(4_000) + "b");
        Predicate endless = new Predicate.Or(Collections.nCopies(40, like));
        List<CompletableFuture<?>> attacks = new ArrayList<>();
        for (int i = 0; i < OF_EACH_KIND; i++) {
            RowSelection rows = new RowSelection.Where(endless);
            attacks.add(engine.write(table.id(), new Mutation.Delete(rows)));
            attacks.add(engine.write(table.id(), new Mutation.Update(rows, Map.of("s", "changed"))));
        }
        for (int round = 0; round < HONEST_ROUNDS; round++) {
            assertThat(insert(List.of(Arrays.asList((long) ROWS + round, "new"))))
                    .succeedsWithin(PATIENCE);
        }
        assertThat(attacks).anyMatch(attack -> !attack.isDone());
        attacks.forEach(attack -> attack.cancel(true));

        Predicate slow = new Predicate.Or(List.of(
                new Predicate.Like(FieldPath.column("s"), "%" + "a".repeat(50) + "b"),
                new Predicate.Compare(FieldPath.column("n"), Predicate.Operator.LESS, 5L)));
        assertThat(engine.write(table.id(), new Mutation.Delete(new RowSelection.Where(slow))))
                .succeedsWithin(PATIENCE)
                .satisfies(done -> assertThat(done.deleted()).isEqualTo(5));
        assertThat(engine.find(table.id()).orElseThrow().rowCount()).isEqualTo(ROWS + HONEST_ROUNDS - 5);
    }

    @Test
    void rowsAreReadListedAndWrittenBesideThemAndAllReadsAreFreeWhenTheyAreGivenUp() {
        List<CompletableFuture<?>> attacks = attack();
        for (int round = 0; round < HONEST_ROUNDS; round++) {
            String key = Integer.toString(round);
            assertThat(call(() -> engine.reader(table.id()).get(key, true))).succeedsWithin(PATIENCE);
            assertThat(call(() -> engine.reader(table.id()).list(0, 10, true))).succeedsWithin(PATIENCE);
            assertThat(insert(List.of(Arrays.asList((long) ROWS + round, "new"))))
                    .succeedsWithin(PATIENCE);
        }
        assertThat(attacks).anyMatch(attack -> !attack.isDone());

        attacks.forEach(attack -> attack.cancel(true));

        assertThat(select("select count(*) from t where n < 7")
                        .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                        .join()
                        .rows())
                .isEqualTo(List.of(List.of(7L)));
        assertThat(call(() -> engine.reader(table.id())
                        .count(new Predicate.Compare(FieldPath.column("n"), Predicate.Operator.LESS, 7L))))
                .succeedsWithin(PATIENCE)
                .isEqualTo(7L);
    }
}
