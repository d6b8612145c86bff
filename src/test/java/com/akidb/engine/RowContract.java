package com.akidb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.error.AkidbException;
import com.akidb.error.ConflictException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How engines keep rows. */
public abstract class RowContract extends TableEngineContract {

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
        Row row = engine.reader(table.id()).get("full", true).orElseThrow();
        assertThat(row.values().subList(0, 6)).isEqualTo(full.subList(0, 6));
        assertThat((float[]) row.values().get(6)).isEqualTo(vector);
        assertThat(engine.reader(table.id())
                        .get("full", false)
                        .orElseThrow()
                        .values()
                        .get(6))
                .isNull();
        assertThat(engine.reader(table.id()).get("bare", true).orElseThrow().values())
                .isEqualTo(bare);
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
        assertThat(engine.reader(table.id()).list(0, 10, false).rows()).isEmpty();
    }

    @Test
    void refusesHalvesOfSurrogatePairsInsteadOfChangingThem() {
        Table table = engine.create(Fixtures.documents("t"));
        put(table, "a?", "text", 1, 0);
        for (String broken : List.of("a\ud83d", "\ude00a", "\ude00\ud83d")) {
            assertRefused(table, ErrorCode.INVALID_ARGUMENT, "rows[0].id", broken, "text", null, new float[] {1, 0});
            assertRefused(table, ErrorCode.INVALID_ARGUMENT, "rows[0].text", "b", broken, null, new float[] {1, 0});
        }
        assertThat(engine.reader(table.id()).get("a\ud83d", false)).isEmpty();
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
        long oldRow = engine.reader(table.id()).get("a", false).orElseThrow().rowId();
        WriteResult result = put(table, "a", "new", 0, 1);
        assertThat(result.replaced()).isOne();
        assertThat(result.inserted()).isZero();
        Row row = engine.reader(table.id()).get("a", false).orElseThrow();
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
        assertThat(engine.reader(table.id()).get("a", false)).isEmpty();
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
        assertThat(engine.reader(table.id()).get("a", true)).isEmpty();
        assertThat(nearest(table, 5, 1, 0)).containsExactly("b:y");
        reopen();
        assertThat(engine.reader(table.id()).get("a", true)).isEmpty();
        assertThat(nearest(table, 5, 1, 0)).containsExactly("b:y");
    }

    @Test
    void neverUsesARowIdAgain() {
        Table table = engine.create(Fixtures.documents("t"));
        long last = 0;
        for (int i = 0; i < 5; i++) {
            put(table, "a", "x", 1, 0);
            long row = engine.reader(table.id()).get("a", false).orElseThrow().rowId();
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
            RowPage page = engine.reader(table.id()).list(cursor, 5, pages % 2 == 0);
            page.rows().forEach(row -> keys.add((String) row.values().getFirst()));
            cursor = page.nextCursor();
            pages++;
        }
        assertThat(pages).isEqualTo(5);
        assertThat(keys).hasSize(25).startsWith("k0", "k1").endsWith("k23", "k24");
    }

    private void assertRefused(Table table, ErrorCode code, String field, @Nullable Object... row) {
        assertThatThrownBy(() -> insert(table, OnConflict.ERROR, Arrays.<@Nullable Object>asList(row)))
                .isInstanceOfSatisfying(AkidbException.class, e -> {
                    assertThat(e.code()).isEqualTo(code);
                    assertThat(e.field()).contains(field);
                });
    }
}
