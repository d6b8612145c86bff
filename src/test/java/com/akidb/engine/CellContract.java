package com.akidb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.engine.Mutation.Computed;
import com.akidb.error.AkidbException;
import com.akidb.error.ErrorCode;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import com.akidb.query.Predicate.Operator;
import com.akidb.vector.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How engines keep cells whose vectors are computed later. */
public abstract class CellContract extends TableEngineContract {

    private static final Uncomputed PENDING = new Uncomputed.Pending();
    private static final RowSelection ALL = new RowSelection.All();

    @Test
    void keepsCellsThatWaitOrFailedUntilTheyAreFilled() {
        Table table = engine.create(Fixtures.documents("t"));
        WriteResult inserted = insert(
                table,
                OnConflict.ERROR,
                document("a", "first", PENDING),
                document("b", "second", new Uncomputed.Failed("too hot")),
                document("c", "third", null),
                document("d", "fourth", new float[] {1, 0}));
        assertThat(counts(table)).isEqualTo(new CellCounts(1, 1, 1, 1));
        for (int i = 0; i < 2; i++) {
            assertThat(cells(table, CellState.PENDING))
                    .containsExactly(new Cell(1, "a", CellState.PENDING, inserted.version(), "first", null));
            assertThat(cells(table, CellState.FAILED))
                    .containsExactly(new Cell(2, "b", CellState.FAILED, inserted.version(), "second", "too hot"));
            assertThat(nearest(table, 9, 1, 0)).containsExactly("d:fourth");
            reopen();
        }
        WriteResult filled = fill(
                table,
                new Computed(1, inserted.version(), new float[] {0, 1}),
                new Computed(2, inserted.version(), new float[] {1, 1}));
        assertThat(filled).isEqualTo(new WriteResult(0, 0, 0, 2, 0, engine.version()));
        for (int i = 0; i < 2; i++) {
            assertThat(counts(table)).isEqualTo(new CellCounts(3, 0, 0, 1));
            assertThat(nearest(table, 9, 0, 1)).containsExactly("a:first", "b:second", "d:fourth");
            Row row = engine.reader(table.id()).get("a", true).orElseThrow();
            assertThat(row.rowId()).isOne();
            assertThat(row.version()).isEqualTo(filled.version());
            assertThat((float[]) row.values().get(3)).containsExactly(0, 1);
            assertThat(cells(table, CellState.PENDING)).isEmpty();
            reopen();
        }
    }

    @Test
    void passesOverWhatWasComputedForACellThatChangedSince() {
        Table table = engine.create(Fixtures.documents("t"));
        long first = insert(table, OnConflict.ERROR, document("a", "old", PENDING), document("b", "old", PENDING))
                .version();
        long second = update(table, RowSelection.keys("a"), Map.of("text", "new", "vector", PENDING))
                .version();
        delete(table, "b");
        long before = engine.version();
        WriteResult late = fill(
                table,
                new Computed(1, first, new float[] {1, 0}),
                new Computed(2, first, new float[] {1, 0}),
                new Computed(99, first, new float[] {1, 0}));
        assertThat(late).isEqualTo(new WriteResult(0, 0, 3, 0, 0, before));
        assertThat(nearest(table, 9, 1, 0)).isEmpty();
        assertThat(fill(table, new Computed(1, second, new float[] {1, 0})).updated())
                .isOne();
        assertThat(fill(table, new Computed(1, second, new float[] {0, 1})).ignored())
                .isOne();
        assertThat(nearest(table, 9, 1, 0)).containsExactly("a:new");
        put(table, "a", "given", 0, 1);
        assertThat(counts(table)).isEqualTo(new CellCounts(1, 0, 0, 0));
    }

    @Test
    void keepsTheOldVectorsOfCellsThatAreRecomputedAndDropsThoseOfUpdatedSources() {
        Table table = engine.create(Fixtures.documents("t"));
        put(table, "a", "x", 1, 0);
        put(table, "b", "y", 1, 0.1f);
        insert(table, OnConflict.ERROR, document("c", "z", null));
        WriteResult recomputed = recompute(table, ALL);
        assertThat(recomputed.updated()).isEqualTo(3);
        assertThat(counts(table)).isEqualTo(new CellCounts(0, 3, 0, 0));
        assertThat(nearest(table, 9, 1, 0)).containsExactly("a:x", "b:y");
        update(table, RowSelection.keys("b"), Map.of("text", "other", "vector", PENDING));
        assertThat(nearest(table, 9, 1, 0)).containsExactly("a:x");
        fill(
                table,
                new Computed(1, recomputed.version(), new Uncomputed.Failed("no")),
                new Computed(3, recomputed.version(), null));
        assertThat(counts(table)).isEqualTo(new CellCounts(0, 1, 1, 1));
        assertThat(nearest(table, 9, 1, 0)).isEmpty();
        Predicate first = new Predicate.Compare(FieldPath.column("id"), Operator.EQUAL, "a");
        assertThat(recompute(table, new RowSelection.Where(first)).updated()).isOne();
        assertThat(recompute(table, RowSelection.keys("c", "nobody")).updated()).isOne();
        assertThat(counts(table)).isEqualTo(new CellCounts(0, 3, 0, 0));
        assertThat(cells(table, CellState.PENDING)).extracting(Cell::error).containsOnlyNulls();
        assertThat(recompute(table, RowSelection.keys()).updated()).isZero();
    }

    @Test
    void countsCellsAsALongHistoryLeavesThem() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Table table = engine.create(Fixtures.documents("t"));
        Map<String, CellState> expected = new HashMap<>();
        for (int step = 0; step < 300; step++) {
            String key = "k" + random.nextInt(15);
            Object value = switch (random.nextInt(4)) {
                case 0 -> PENDING;
                case 1 -> new Uncomputed.Failed("e");
                case 2 -> new float[] {1, step};
                default -> null;
            };
            CellState state = value instanceof float[] ? CellState.READY : state(value);
            switch (random.nextInt(6)) {
                case 0, 1 -> {
                    insert(table, OnConflict.REPLACE, document(key, "x", value));
                    expected.put(key, state);
                }
                case 2 -> {
                    Map<String, @Nullable Object> values = new HashMap<>();
                    values.put("vector", value);
                    update(table, RowSelection.keys(key), values);
                    expected.computeIfPresent(key, (k, before) -> state);
                }
                case 3 -> {
                    delete(table, key);
                    expected.remove(key);
                }
                case 4 -> {
                    recompute(table, RowSelection.keys(key));
                    expected.computeIfPresent(key, (k, before) -> CellState.PENDING);
                }
                default -> {
                    List<Computed> cells = new ArrayList<>();
                    for (Cell cell : cells(table, CellState.PENDING)) {
                        cells.add(new Computed(cell.rowId(), cell.stamp(), value == PENDING ? null : value));
                        expected.put(cell.key(), value == PENDING ? CellState.EMPTY : state);
                    }
                    fill(table, cells.toArray(Computed[]::new));
                }
            }
            assertThat(counts(table)).as("seed %d step %d", seed, step).isEqualTo(count(expected));
        }
        reopen();
        assertThat(counts(table)).isEqualTo(count(expected));
        long ready = expected.values().stream().filter(CellState.READY::equals).count();
        assertThat(engine.indexes(table.id()).getFirst().rows()).isGreaterThanOrEqualTo(ready);
    }

    private static CellState state(@Nullable Object value) {
        return value == null
                ? CellState.EMPTY
                : value instanceof Uncomputed.Pending ? CellState.PENDING : CellState.FAILED;
    }

    private static CellCounts count(Map<String, CellState> cells) {
        Map<CellState, Long> counts = new HashMap<>();
        cells.values().forEach(state -> counts.merge(state, 1L, Long::sum));
        return new CellCounts(
                counts.getOrDefault(CellState.READY, 0L),
                counts.getOrDefault(CellState.PENDING, 0L),
                counts.getOrDefault(CellState.FAILED, 0L),
                counts.getOrDefault(CellState.EMPTY, 0L));
    }

    @Test
    void fillsACellOfOneColumnAndLeavesTheOthersOfItsRow() {
        Table table = engine.create(Fixtures.documents("t"));
        put(table, "a", "x", 1, 0);
        Column second = Column.vector("second", 2, Metric.COSINE);
        long stamp = engine.alter(table.id(), new Alteration.AddColumn(second, new Predicate.And(List.of())))
                .version();
        Fixtures.done(engine.write(table.id(), new Mutation.Fill("second", List.of(new Computed(1, stamp, new float[] {
            0, 1
        })))));
        for (int i = 0; i < 2; i++) {
            Row row = engine.reader(table.id()).get("a", true).orElseThrow();
            assertThat((float[]) row.values().get(3)).containsExactly(1, 0);
            assertThat((float[]) row.values().get(4)).containsExactly(0, 1);
            assertThat(nearest(table, 9, 1, 0)).containsExactly("a:x");
            VectorSearch search = new VectorSearch("second", new float[] {0, 1}, 9, null, 0.9f, false, false);
            assertThat(engine.reader(table.id()).search(search).hits()).hasSize(1);
            reopen();
        }
    }

    @Test
    void pagesThroughCells() {
        Table table = engine.create(Fixtures.documents("t"));
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            rows.add(document("k" + i, "t" + i, i % 5 == 0 ? null : PENDING));
        }
        Fixtures.done(engine.write(table.id(), new Mutation.Insert(rows, OnConflict.ERROR)));
        List<String> sources = new ArrayList<>();
        List<Cell> page = engine.reader(table.id()).cells(new CellQuery("vector", CellState.PENDING, "text", 0, 7));
        while (!page.isEmpty()) {
            page.forEach(cell -> sources.add((String) Objects.requireNonNull(cell.source())));
            long last = page.getLast().rowId();
            page = engine.reader(table.id()).cells(new CellQuery("vector", CellState.PENDING, "text", last, 7));
        }
        assertThat(sources).hasSize(20).startsWith("t1", "t2").endsWith("t23", "t24");
    }

    @Test
    void refusesWhatIsNoCell() {
        Table table = engine.create(Fixtures.documents("t"));
        put(table, "a", "x", 1, 0);
        assertRefused(ErrorCode.UNKNOWN_FIELD, () -> engine.reader(table.id()).countCells("vecotr"));
        assertRefused(
                ErrorCode.INVALID_ARGUMENT, () -> engine.reader(table.id()).countCells("text"));
        assertRefused(ErrorCode.INVALID_ARGUMENT, () -> cells(table, CellState.READY));
        assertRefused(
                ErrorCode.OUT_OF_RANGE,
                () -> engine.reader(table.id()).cells(new CellQuery("vector", CellState.PENDING, "text", 0, 1_001)));
        assertRefused(ErrorCode.DIMENSION_MISMATCH, () -> fill(table, new Computed(1, 1, new float[] {1})));
        assertRefused(ErrorCode.INVALID_ARGUMENT, () -> fill(table, new Computed(1, 1, PENDING)));
        assertRefused(ErrorCode.WRONG_TYPE, () -> update(table, ALL, Map.of("text", PENDING)));
    }

    private static void assertRefused(ErrorCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        AkidbException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private static List<@Nullable Object> document(String key, String text, @Nullable Object vector) {
        return Arrays.asList(key, text, null, vector);
    }

    private CellCounts counts(Table table) {
        return engine.reader(table.id()).countCells("vector");
    }

    private List<Cell> cells(Table table, CellState state) {
        return engine.reader(table.id()).cells(new CellQuery("vector", state, "text", 0, 1_000));
    }

    private WriteResult fill(Table table, Computed... cells) {
        return Fixtures.done(engine.write(table.id(), new Mutation.Fill("vector", List.of(cells))));
    }

    private WriteResult recompute(Table table, RowSelection rows) {
        return Fixtures.done(engine.write(table.id(), new Mutation.Recompute("vector", rows)));
    }

    @SuppressWarnings("NullAway") // the class file of the record does not say that its map may hold null
    private WriteResult update(Table table, RowSelection rows, Map<String, @Nullable Object> values) {
        return Fixtures.done(engine.write(table.id(), new Mutation.Update(rows, values)));
    }
}
