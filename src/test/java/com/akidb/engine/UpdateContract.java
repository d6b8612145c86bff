package com.akidb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.error.AkidbException;
import com.akidb.error.ConflictException;
import com.akidb.error.ErrorCode;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import com.akidb.query.Predicate.Operator;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How engines change and delete rows by key and by condition. */
public abstract class UpdateContract extends TableEngineContract {

    private static final RowSelection ALL = new RowSelection.All();

    @Test
    void givesRowsOtherValuesUnderTheirIds() {
        Table table = engine.create(Fixtures.documents("t"));
        put(table, "a", "old", 1, 0);
        put(table, "b", "other", 0, 1);
        Row before = row(table, "a");
        WriteResult result = update(table, RowSelection.keys("a", "nobody", "a"), Map.of("text", "new"));
        assertThat(result.updated()).isOne();
        Row after = row(table, "a");
        assertThat(after.rowId()).isEqualTo(before.rowId());
        assertThat(after.version()).isEqualTo(result.version()).isGreaterThan(before.version());
        assertThat(after.changedAt()).isAfterOrEqualTo(before.changedAt());
        assertThat(text(table, "b")).isEqualTo("other");
        assertThat(nearest(table, 5, 1, 0)).containsExactly("a:new", "b:other");
        reopen();
        assertThat(row(table, "a")).isEqualTo(after);
        assertThat(nearest(table, 5, 1, 0)).containsExactly("a:new", "b:other");
        assertThat(engine.find("t").orElseThrow().rowCount()).isEqualTo(2);
    }

    @Test
    void tellsWhenRowsWereChanged() {
        Table table = engine.create(Fixtures.documents("t"));
        Instant start = Instant.now().minusMillis(1);
        put(table, "a", "x", 1, 0);
        assertThat(row(table, "a").changedAt()).isBetween(start, Instant.now().plusMillis(1));
    }

    @Test
    void movesARowWhoseVectorIsUpdated() {
        Table table = engine.create(Fixtures.documents("t"));
        put(table, "a", "x", 1, 0);
        put(table, "b", "y", 0.8f, 0.2f);
        update(table, RowSelection.keys("a"), Map.of("vector", new float[] {0, 1}));
        assertThat(nearest(table, 1, 1, 0)).containsExactly("b:y");
        assertThat(nearest(table, 1, 0, 1)).containsExactly("a:x");
        Map<String, @Nullable Object> none = new HashMap<>();
        none.put("vector", null);
        update(table, RowSelection.keys("a"), none);
        assertThat(nearest(table, 5, 0, 1)).containsExactly("b:y");
        reopen();
        assertThat(nearest(table, 5, 0, 1)).containsExactly("b:y");
        assertThat(engine.reader(table.id()).countCells("vector")).isEqualTo(new CellCounts(1, 0, 0, 1));
    }

    @Test
    void updatesAndDeletesByConditionAsOfTheWrite() {
        Table table = engine.create(Fixtures.documents("t"));
        for (int i = 0; i < 10; i++) {
            put(table, "k" + i, i < 5 ? "low" : "high", 1, i);
        }
        RowSelection low =
                new RowSelection.Where(new Predicate.Compare(FieldPath.column("text"), Operator.EQUAL, "low"));
        CompletableFuture<WriteResult> first =
                engine.write(table.id(), new Mutation.Update(low, Map.of("text", "lower")));
        CompletableFuture<WriteResult> second = engine.write(table.id(), new Mutation.Delete(low));
        assertThat(Fixtures.done(first).updated()).isEqualTo(5);
        assertThat(Fixtures.done(second).deleted()).isZero();
        RowSelection high = new RowSelection.Where(
                new Predicate.Not(new Predicate.Compare(FieldPath.column("text"), Operator.EQUAL, "lower")));
        assertThat(Fixtures.done(engine.write(table.id(), new Mutation.Delete(high)))
                        .deleted())
                .isEqualTo(5);
        assertThat(nearest(table, 10, 1, 0)).hasSize(5).allMatch(found -> found.endsWith(":lower"));
        assertThat(Fixtures.done(engine.write(table.id(), new Mutation.Delete(ALL)))
                        .deleted())
                .isEqualTo(5);
        assertThat(engine.find("t").orElseThrow().rowCount()).isZero();
        assertThat(engine.reader(table.id()).list(0, 10, false).rows()).isEmpty();
    }

    @Test
    void givesEachRowItsOwnValuesInOneCommit() {
        Table table = engine.create(Fixtures.documents("t"));
        put(table, "a", "old", 1, 0);
        put(table, "b", "other", 0, 1);
        put(table, "c", "third", 0.6f, 0.8f);
        Row before = row(table, "a");
        WriteResult result = updateEach(
                table,
                Mutation.IfMissing.IGNORE,
                new Mutation.RowValues("a", Map.of("text", "new")),
                new Mutation.RowValues("nobody", Map.of("text", "nothing")),
                new Mutation.RowValues("b", Map.of("vector", new float[] {1, 0.1f})));
        assertThat(result.updated()).isEqualTo(2);
        assertThat(result.ignored()).isOne();
        assertThat(row(table, "a").rowId()).isEqualTo(before.rowId());
        assertThat(row(table, "a").version())
                .isEqualTo(row(table, "b").version())
                .isEqualTo(result.version());
        assertThat(row(table, "c").version()).isLessThan(result.version());
        assertThat(nearest(table, 5, 1, 0)).containsExactly("a:new", "b:other", "c:third");
        reopen();
        assertThat(nearest(table, 5, 1, 0)).containsExactly("a:new", "b:other", "c:third");
    }

    @Test
    void changesNoneOfTheRowsIfOneIsMissingOrDoesNotFit() {
        Table table = engine.create(Fixtures.documents("t"));
        put(table, "a", "old", 1, 0);
        put(table, "b", "old", 1, 0);
        Mutation.RowValues fits = new Mutation.RowValues("a", Map.of("text", "new"));
        assertUnfit(table, ErrorCode.NOT_FOUND, "rows[1].id", fits, "nobody", Map.of("text", "new"));
        assertUnfit(table, ErrorCode.UNKNOWN_FIELD, "rows[1].txet", fits, "b", Map.of("txet", "x"));
        assertUnfit(table, ErrorCode.INVALID_ARGUMENT, "rows[1].id", fits, "b", Map.of("id", "c"));
        assertUnfit(table, ErrorCode.WRONG_TYPE, "rows[1].text", fits, "b", Map.of("text", 1L));
        assertUnfit(table, ErrorCode.MISSING_FIELD, "rows[1]", fits, "b", Map.of());
        assertThat(text(table, "a")).isEqualTo("old");
    }

    @SuppressWarnings("NullAway") // the class file of the record does not say that its map may hold null
    private void assertUnfit(
            Table table,
            ErrorCode code,
            String field,
            Mutation.RowValues fits,
            String key,
            Map<String, @Nullable Object> values) {
        assertThatThrownBy(() -> updateEach(table, Mutation.IfMissing.ERROR, fits, new Mutation.RowValues(key, values)))
                .isInstanceOfSatisfying(AkidbException.class, e -> {
                    assertThat(e.code()).isEqualTo(code);
                    assertThat(e.field()).contains(field);
                });
    }

    private WriteResult updateEach(Table table, Mutation.IfMissing ifMissing, Mutation.RowValues... rows) {
        return Fixtures.done(engine.write(table.id(), new Mutation.UpdateEach(List.of(rows), ifMissing)));
    }

    @Test
    void refusesUpdatesThatDoNotFit() {
        Table table = engine.create(Fixtures.documents("t"));
        put(table, "a", "x", 1, 0);
        assertUnfit(table, ErrorCode.UNKNOWN_FIELD, "values.txet", Map.of("txet", "x"));
        assertUnfit(table, ErrorCode.INVALID_ARGUMENT, "values.id", Map.of("id", "b"));
        assertUnfit(table, ErrorCode.WRONG_TYPE, "values.text", Map.of("text", 1L));
        assertUnfit(table, ErrorCode.DIMENSION_MISMATCH, "values.vector", Map.of("vector", new float[] {1}));
        assertUnfit(table, ErrorCode.MISSING_FIELD, "values", Map.of());
        Map<String, @Nullable Object> none = new HashMap<>();
        none.put("text", null);
        assertUnfit(table, ErrorCode.MISSING_FIELD, "values.text", none);
        assertThatThrownBy(() -> update(
                        table,
                        new RowSelection.Where(new Predicate.IsNull(FieldPath.column("nothing"))),
                        Map.of("text", "y")))
                .isInstanceOfSatisfying(
                        AkidbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_FIELD));
        assertThat(text(table, "a")).isEqualTo("x");
    }

    private void assertUnfit(Table table, ErrorCode code, String field, Map<String, @Nullable Object> values) {
        assertThatThrownBy(() -> update(table, ALL, values)).isInstanceOfSatisfying(AkidbException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e.field()).contains(field);
        });
    }

    @Test
    void keepsTheValuesOfUniqueColumnsUnique() {
        Table table = engine.create(people());
        insert(table, OnConflict.ERROR, person(1L, "a@x"), person(2L, "b@x"), person(3L, null), person(4L, null));
        for (OnConflict onConflict : OnConflict.values()) {
            assertThatThrownBy(() -> insert(table, onConflict, person(5L, "c@x"), person(6L, "a@x")))
                    .isInstanceOfSatisfying(ConflictException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.ALREADY_EXISTS);
                        assertThat(e.detail()).contains("'a@x'", "'mail'");
                        assertThat(e.field()).contains("rows[1].mail");
                    });
        }
        assertThat(engine.reader(table.id()).get("5", false)).isEmpty();
        assertThat(insert(table, OnConflict.REPLACE, person(1L, "a@x")).replaced())
                .isOne();
        assertThatThrownBy(() -> insert(table, OnConflict.REPLACE, person(1L, "b@x")))
                .isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> update(table, RowSelection.keys("3"), Map.of("mail", "b@x")))
                .isInstanceOfSatisfying(
                        ConflictException.class, e -> assertThat(e.field()).contains("values.mail"));
        assertThatThrownBy(() -> update(table, ALL, Map.of("mail", "z@x"))).isInstanceOf(ConflictException.class);
        assertThat(update(table, RowSelection.keys("2"), Map.of("mail", "b@x")).updated())
                .isOne();
        assertThatThrownBy(() -> updateEach(
                        table,
                        Mutation.IfMissing.ERROR,
                        new Mutation.RowValues(3L, Map.of("mail", "y@x")),
                        new Mutation.RowValues(4L, Map.of("mail", "y@x"))))
                .isInstanceOfSatisfying(
                        ConflictException.class, e -> assertThat(e.field()).contains("rows[1].mail"));
        reopen();
        assertThatThrownBy(() -> insert(table, OnConflict.ERROR, person(9L, "a@x")))
                .isInstanceOf(ConflictException.class);
        delete(table, "1");
        assertThat(insert(table, OnConflict.ERROR, person(9L, "a@x")).inserted())
                .isOne();
    }

    @Test
    void givesRowsWithoutAKeyTheirIdAsKey() {
        Table table = engine.create(people());
        insert(table, OnConflict.ERROR, person(null, "a"), person(null, "b"));
        insert(table, OnConflict.ERROR, person(4L, "c"), person(-7L, "d"));
        insert(table, OnConflict.ERROR, person(null, "e"), person(null, "f"));
        List<Row> rows = engine.reader(table.id()).list(0, 100, false).rows();
        assertThat(rows).hasSize(6);
        assertThat(rows).extracting(row -> row.values().getFirst()).doesNotHaveDuplicates();
        for (Row row : List.of(rows.get(0), rows.get(1), rows.get(4), rows.get(5))) {
            assertThat(row.values().getFirst()).isEqualTo(row.rowId());
        }
        for (Row row : rows) {
            assertThat(engine.reader(table.id()).get(String.valueOf(row.values().getFirst()), false))
                    .contains(row);
        }
        for (String key : List.of("04", "+4", "4.0", "x", "", "99999999999999999999")) {
            assertThat(engine.reader(table.id()).get(key, false)).isEmpty();
        }
        assertThat(delete(table, "-7", "x").deleted()).isOne();
        assertThatThrownBy(() -> insert(table, OnConflict.ERROR, person(4L, "g")))
                .isInstanceOfSatisfying(
                        ConflictException.class, e -> assertThat(e.detail()).contains("'4'"));
    }

    @Test
    void appliesTheWritesOfTwoWhoChangeOneRowOneAfterTheOther() {
        Table table = engine.create(people());
        insert(table, OnConflict.ERROR, person(1L, null));
        CompletableFuture<?>[] writes = new CompletableFuture<?>[200];
        for (int i = 0; i < writes.length; i++) {
            writes[i] = engine.write(table.id(), new Mutation.Update(RowSelection.keys("1"), Map.of("mail", "w" + i)));
        }
        CompletableFuture.allOf(writes).join();
        assertThat(row(table, "1").values().get(1)).isEqualTo("w199");
        assertThat(engine.find("people").orElseThrow().rowCount()).isOne();
    }

    private Row row(Table table, String key) {
        return engine.reader(table.id()).get(key, false).orElseThrow();
    }

    private static TableDefinition people() {
        return new TableDefinition(
                "people",
                List.of(
                        Column.of("number", ColumnType.INT, true),
                        Column.of("mail", ColumnType.STRING, false).asUnique()),
                "number",
                Map.of());
    }

    private static List<@Nullable Object> person(@Nullable Long number, @Nullable String mail) {
        return Arrays.asList(number, mail);
    }

    @SuppressWarnings("NullAway") // the class file of the record does not say that its map may hold null
    private WriteResult update(Table table, RowSelection rows, Map<String, @Nullable Object> values) {
        return Fixtures.done(engine.write(table.id(), new Mutation.Update(rows, values)));
    }
}
