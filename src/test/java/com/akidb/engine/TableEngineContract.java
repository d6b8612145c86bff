package com.akidb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.error.AkidbException;
import com.akidb.error.ConflictException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.error.UnavailableException;
import com.akidb.vector.Metric;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link TableEngine} must do. */
public abstract class TableEngineContract {

    protected TableEngine engine;

    /** The engine over its data: the same that the last engine of this test left behind. */
    protected abstract TableEngine open();

    @BeforeEach
    void openEngine() {
        engine = open();
    }

    @AfterEach
    void closeEngine() {
        engine.close();
    }

    protected final void reopen() {
        engine.close();
        engine = open();
    }

    @Test
    void keepsTheDefinitionOfATableOverARestart() {
        TableDefinition definition = Fixtures.everyType("every type");
        Table created = engine.create(definition);
        reopen();
        assertThat(engine.find(created.id())).contains(created);
        assertThat(engine.find("every type")).contains(created);
        assertThat(created.definition()).isEqualTo(definition);
    }

    @Test
    void listsTablesInTheOrderOfTheirCreation() {
        for (String name : List.of("z", "a", "m")) {
            engine.create(Fixtures.documents(name));
        }
        reopen();
        assertThat(engine.tables())
                .extracting(table -> table.definition().name())
                .containsExactly("z", "a", "m");
    }

    @Test
    void refusesASecondTableOfTheSameName() {
        engine.create(Fixtures.documents("name"));
        assertThatThrownBy(() -> engine.create(Fixtures.documents("name")))
                .isInstanceOfSatisfying(
                        ConflictException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ALREADY_EXISTS));
    }

    @Test
    void takesNamesThatWouldBeSqlElsewhere() {
        Table table = engine.create(Fixtures.documents("x\"; DROP TABLE akidb_tables; --"));
        put(table, "'; --", "text", 1, 0);
        assertThat(text(table, "'; --")).isEqualTo("text");
        assertThat(engine.drop(table.id())).isTrue();
    }

    @Test
    void keepsValuesOfEveryType() {
        Table table = engine.create(Fixtures.everyType("every type"));
        Instant time = Instant.parse("1969-12-31T23:59:59.999999Z");
        float[] vector = {1.5f, -0f, Float.MIN_VALUE};
        List<@Nullable Object> full =
                Arrays.asList("full", Long.MIN_VALUE, -1.0e-300, true, time, "{\"a\":[1,null]}", vector);
        List<@Nullable Object> bare = Arrays.asList("bare", null, null, null, null, null, null);
        insert(table, OnConflict.ERROR, full, bare);
        reopen();
        Row row = engine.get(table.id(), "full", true).orElseThrow();
        assertThat(row.values().subList(0, 6)).isEqualTo(full.subList(0, 6));
        assertThat((float[]) row.values().get(6)).isEqualTo(vector);
        assertThat(engine.get(table.id(), "full", false).orElseThrow().values().get(6))
                .isNull();
        assertThat(engine.get(table.id(), "bare", true).orElseThrow().values()).isEqualTo(bare);
    }

    @Test
    void namesTheColumnOfAValueThatDoesNotFit() {
        Table table = engine.create(Fixtures.everyType("every type"));
        assertRefused(table, ErrorCode.MISSING_FIELD, "rows[0].key", null, null, null, null, null, null, null);
        assertRefused(table, ErrorCode.WRONG_TYPE, "rows[0].int", "k", "1", null, null, null, null, null);
        assertRefused(table, ErrorCode.WRONG_TYPE, "rows[0].float", "k", null, Double.NaN, null, null, null, null);
        assertRefused(table, ErrorCode.WRONG_TYPE, "rows[0].bool", "k", null, null, 1L, null, null, null);
        assertRefused(table, ErrorCode.OUT_OF_RANGE, "rows[0].time", "k", null, null, null, Instant.MAX, null, null);
        assertRefused(table, ErrorCode.WRONG_TYPE, "rows[0].json", "k", null, null, null, null, 1L, null);
        assertRefused(
                table, ErrorCode.DIMENSION_MISMATCH, "rows[0].vector", "k", null, null, null, null, null, new float[2]);
        assertRefused(
                table, ErrorCode.OUT_OF_RANGE, "rows[0].vector[1]", "k", null, null, null, null, null, new float[] {
                    1, Float.NaN, 0
                });
        assertThat(engine.list(table.id(), 0, 10, false).rows()).isEmpty();
    }

    @Test
    void refusesHalvesOfSurrogatePairsInsteadOfChangingThem() {
        Table table = engine.create(Fixtures.documents("t"));
        put(table, "a?", "text", 1, 0);
        for (String broken : List.of("a\ud83d", "\ude00a", "\ude00\ud83d")) {
            assertRefused(table, ErrorCode.INVALID_ARGUMENT, "rows[0].id", broken, "text", null, new float[] {1, 0});
            assertRefused(table, ErrorCode.INVALID_ARGUMENT, "rows[0].text", "b", broken, null, new float[] {1, 0});
        }
        assertThat(engine.get(table.id(), "a\ud83d", false)).isEmpty();
        assertThat(delete(table, "a\ud83d").deleted()).isZero();
        assertThatThrownBy(() -> engine.create(Fixtures.documents("\ud83d"))).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void keepsAnyTextUnchanged() {
        Table table = engine.create(Fixtures.documents("t"));
        List<String> texts = List.of(
                "",
                " ",
                "\0",
                "a\0b",
                "\ufeffbom",
                "\uffff\ufffe",
                "\ud83d\ude00",
                "e\u0301",
                "\u00e9",
                "\r\n\t\u0001",
                "%_\\'\"",
                "\u202eright to left",
                "x".repeat(1_000_000),
                "\ud83d\ude00".repeat(100_000));
        for (String text : texts) {
            put(table, text, text, 1, 0);
        }
        reopen();
        for (String text : texts) {
            assertThat(text(table, text).equals(text)).isTrue();
        }
        assertThat(engine.find("t").orElseThrow().rowCount()).isEqualTo(texts.size());
    }

    @Test
    void replacesARowByANewOneOfTheSameKey() {
        Table table = engine.create(Fixtures.documents("t"));
        put(table, "a", "old", 1, 0);
        long oldRow = engine.get(table.id(), "a", false).orElseThrow().rowId();
        WriteResult result = put(table, "a", "new", 0, 1);
        assertThat(result.replaced()).isOne();
        assertThat(result.inserted()).isZero();
        Row row = engine.get(table.id(), "a", false).orElseThrow();
        assertThat(row.rowId()).isGreaterThan(oldRow);
        assertThat(row.version()).isEqualTo(result.version()).isEqualTo(engine.version());
        assertThat(nearest(table, 5, 1, 0)).containsExactly("a:new");
        assertThat(engine.find("t").orElseThrow().rowCount()).isOne();
    }

    @Test
    void ignoresARowWhoseKeyExistsIfAsked() {
        Table table = engine.create(Fixtures.documents("t"));
        long before = put(table, "a", "old", 1, 0).version();
        WriteResult result = insert(table, OnConflict.IGNORE, Fixtures.document("a", "new", 0, 1));
        assertThat(result).isEqualTo(new WriteResult(0, 0, 1, 0, 0, before));
        assertThat(text(table, "a")).isEqualTo("old");
    }

    @Test
    void failsTheWholeWriteWhenAKeyExistsAndThatIsAnError() {
        Table table = engine.create(Fixtures.documents("t"));
        put(table, "b", "old", 1, 0);
        assertThatThrownBy(() -> insert(
                        table, OnConflict.ERROR, Fixtures.document("a", "x", 1, 0), Fixtures.document("b", "y", 1, 0)))
                .isInstanceOfSatisfying(ConflictException.class, e -> {
                    assertThat(e.detail()).contains("'b'");
                    assertThat(e.field()).contains("rows[1].id");
                });
        assertThat(engine.get(table.id(), "a", false)).isEmpty();
        assertThat(text(table, "b")).isEqualTo("old");
        assertThat(nearest(table, 5, 1, 0)).containsExactly("b:old");
    }

    @Test
    void letsTheLaterRowWinWhenOneWriteHasAKeyTwice() {
        Table table = engine.create(Fixtures.documents("t"));
        insert(
                table,
                OnConflict.REPLACE,
                Fixtures.document("a", "first", 1, 0),
                Fixtures.document("a", "second", 1, 0));
        assertThat(nearest(table, 5, 1, 0)).containsExactly("a:second");
        assertThat(engine.find("t").orElseThrow().rowCount()).isOne();
    }

    @Test
    void deletesRowsAndPassesOverThoseThatAreNotThere() {
        Table table = engine.create(Fixtures.documents("t"));
        put(table, "a", "x", 1, 0);
        put(table, "b", "y", 1, 0);
        assertThat(delete(table, "a", "nobody", "a").deleted()).isOne();
        assertThat(engine.get(table.id(), "a", true)).isEmpty();
        assertThat(nearest(table, 5, 1, 0)).containsExactly("b:y");
        reopen();
        assertThat(engine.get(table.id(), "a", true)).isEmpty();
        assertThat(nearest(table, 5, 1, 0)).containsExactly("b:y");
    }

    @Test
    void neverUsesARowIdAgain() {
        Table table = engine.create(Fixtures.documents("t"));
        long last = 0;
        for (int i = 0; i < 5; i++) {
            put(table, "a", "x", 1, 0);
            long row = engine.get(table.id(), "a", false).orElseThrow().rowId();
            assertThat(row).isGreaterThan(last);
            last = row;
            delete(table, "a");
            reopen();
        }
    }

    @Test
    void pagesThroughRowsInTheOrderOfTheirInsertion() {
        Table table = engine.create(Fixtures.documents("t"));
        for (int i = 0; i < 25; i++) {
            put(table, "k" + i, "x", 1, 0);
        }
        List<String> keys = new ArrayList<>();
        Long cursor = 0L;
        int pages = 0;
        while (cursor != null) {
            RowPage page = engine.list(table.id(), cursor, 5, pages % 2 == 0);
            page.rows().forEach(row -> keys.add((String) row.values().getFirst()));
            cursor = page.nextCursor();
            pages++;
        }
        assertThat(pages).isEqualTo(5);
        assertThat(keys).hasSize(25).startsWith("k0", "k1").endsWith("k23", "k24");
    }

    @Test
    void findsTheNearestRowsBestFirst() {
        Table table = engine.create(Fixtures.documents("t"));
        put(table, "north", "n", 0, 1);
        put(table, "east", "e", 1, 0);
        put(table, "north-east", "ne", 1, 1);
        insert(table, OnConflict.ERROR, Arrays.asList("nowhere", "x", null, null));
        assertThat(nearest(table, 2, 0, 1)).containsExactly("north:n", "north-east:ne");
        SearchResult result =
                engine.search(table.id(), new VectorSearch("vector", new float[] {0, 1}, 10, null, 0.5f, true, true));
        assertThat(result.hits()).hasSize(2);
        assertThat(result.hits().getFirst().score()).isEqualTo(1);
        assertThat((float[]) result.hits().getFirst().row().values().get(3)).containsExactly(0, 1);
        assertThat(result.explanation()).isNotNull();
    }

    @Test
    void answersCachedSearchesLikeOthersOrNotAtAll() {
        Table table = engine.create(Fixtures.documents("t"));
        put(table, "a", "x", 1, 0);
        put(table, "b", "y", 0, 1);
        VectorSearch search = Fixtures.search(5, 1, 0);
        SearchResult full = engine.search(table.id(), search);
        SearchResult cached = engine.searchCached(table.id(), search);
        if (cached != null) {
            assertThat(cached.hits()).isEqualTo(full.hits());
        }
        delete(table, "a");
        SearchResult after = engine.searchCached(table.id(), search);
        if (after != null) {
            assertThat(after.hits())
                    .extracting(hit -> hit.row().values().getFirst())
                    .containsExactly("b");
        }
    }

    @Test
    void dropsATableWithAllThatBelongsToIt() {
        Table table = engine.create(Fixtures.documents("t"));
        put(table, "a", "x", 1, 0);
        long version = engine.version();
        assertThat(engine.drop(table.id())).isTrue();
        assertThat(engine.drop(table.id())).isFalse();
        assertGone(table);
        reopen();
        assertGone(table);
        assertThat(engine.version()).isGreaterThan(version);
        Table again = engine.create(Fixtures.documents("t"));
        assertThat(again.id()).isNotEqualTo(table.id());
        assertThat(engine.list(again.id(), 0, 10, false).rows()).isEmpty();
    }

    private void assertGone(Table table) {
        assertThat(engine.find("t")).isEmpty();
        assertThat(engine.find(table.id())).isEmpty();
        assertThatThrownBy(() -> engine.get(table.id(), "a", false)).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> engine.search(table.id(), Fixtures.search(1, 1, 0)))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> delete(table, "a")).isInstanceOf(NotFoundException.class);
    }

    @Test
    void knowsNoTableThatNobodyMade() {
        UUID nobody = UUID.randomUUID();
        assertThat(engine.find(nobody)).isEmpty();
        assertThat(engine.drop(nobody)).isFalse();
        assertThatThrownBy(() -> engine.indexes(nobody)).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> engine.list(nobody, 0, 1, false)).isInstanceOf(NotFoundException.class);
    }

    @Test
    void refusesDefinitionsThatCannotBeATable() {
        Column key = Column.of("id", ColumnType.STRING, true);
        assertUndefinable(List.of(key, key), "id");
        assertUndefinable(List.of(Column.of("id", ColumnType.STRING, false)), "id");
        assertUndefinable(List.of(Column.of("id", ColumnType.INT, true)), "id");
        assertUndefinable(List.of(key), "other");
        assertUndefinable(List.of(key, Column.vector("v", 0, Metric.COSINE)), "id");
        assertUndefinable(
                List.of(key, new Column("v", ColumnType.VECTOR, false, false, null, 3, null, Map.of())), "id");
        assertUndefinable(List.of(key, Column.of("", ColumnType.INT, false)), "id");
        assertThatThrownBy(() -> engine.create(Fixtures.documents("n".repeat(256))))
                .isInstanceOf(InvalidInputException.class);
        assertThat(engine.tables()).isEmpty();
    }

    private void assertUndefinable(List<Column> columns, String primaryKey) {
        assertThatThrownBy(() -> engine.create(new TableDefinition("t", columns, primaryKey, Map.of())))
                .isInstanceOf(InvalidInputException.class);
    }

    @Test
    void finishesWhatHasQueuedWhenItCloses() {
        Table table = engine.create(Fixtures.documents("t"));
        List<CompletableFuture<WriteResult>> answers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            answers.add(engine.write(
                    table.id(), new Mutation.Insert(List.of(Fixtures.document("k" + i, "x", 1, i)), OnConflict.ERROR)));
        }
        reopen();
        assertThat(answers).allMatch(answer -> answer.isDone() && !answer.isCompletedExceptionally());
        assertThat(engine.find("t").orElseThrow().rowCount()).isEqualTo(200);
    }

    @Test
    void refusesWorkWhenItIsClosed() {
        Table table = engine.create(Fixtures.documents("t"));
        engine.close();
        engine.close();
        assertThatThrownBy(() -> put(table, "a", "x", 1, 0)).isInstanceOf(UnavailableException.class);
        assertThatThrownBy(() -> engine.get(table.id(), "a", false)).isInstanceOf(UnavailableException.class);
        assertThatThrownBy(() -> engine.create(Fixtures.documents("u"))).isInstanceOf(UnavailableException.class);
    }

    private void assertRefused(Table table, ErrorCode code, String field, @Nullable Object... row) {
        assertThatThrownBy(() -> insert(table, OnConflict.ERROR, Arrays.<@Nullable Object>asList(row)))
                .isInstanceOfSatisfying(AkidbException.class, e -> {
                    assertThat(e.code()).isEqualTo(code);
                    assertThat(e.field()).contains(field);
                });
    }

    private String text(Table table, String key) {
        return (String)
                engine.get(table.id(), key, false).orElseThrow().values().get(1);
    }

    private List<String> nearest(Table table, int k, float... vector) {
        return engine.search(table.id(), Fixtures.search(k, vector)).hits().stream()
                .map(hit -> hit.row().values().get(0) + ":" + hit.row().values().get(1))
                .toList();
    }

    private WriteResult put(Table table, String key, String text, float... vector) {
        return insert(table, OnConflict.REPLACE, Fixtures.document(key, text, vector));
    }

    private WriteResult delete(Table table, String... keys) {
        return Fixtures.done(engine.write(table.id(), new Mutation.Delete(RowSelection.keys(keys))));
    }

    @SafeVarargs
    private WriteResult insert(Table table, OnConflict onConflict, List<@Nullable Object>... rows) {
        return Fixtures.done(engine.write(table.id(), new Mutation.Insert(List.of(rows), onConflict)));
    }
}
