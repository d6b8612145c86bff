package com.akidb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.error.AkidbException;
import com.akidb.error.ConflictException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.error.TableChangedException;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import com.akidb.query.Predicate.Operator;
import com.akidb.vector.Metric;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How engines change tables that are there. */
public abstract class AlterationContract extends TableEngineContract {

    private static final int MOST_COLUMNS = 1_100;

    @Test
    void addsColumnsWhoseDefaultTheRowsTake() {
        Table table = filled();
        Instant time = Instant.parse("2026-01-01T00:00:00Z");
        List<Column> added = List.of(
                Column.of("note", ColumnType.STRING, true).withDefault("it's \"\0\" ?"),
                Column.of("count", ColumnType.INT, false).withDefault(Long.MIN_VALUE),
                Column.of("rate", ColumnType.FLOAT, false).withDefault(0.1),
                Column.of("flag", ColumnType.BOOL, false).withDefault(true),
                Column.of("time", ColumnType.TIMESTAMP, false).withDefault(time),
                Column.of("more", ColumnType.JSON, false).withDefault("{}"),
                Column.of("bare", ColumnType.STRING, false).withProperties(Map.of("a", "b")));
        for (Column column : added) {
            alter(table, new Alteration.AddColumn(column, null));
        }
        List<Column> columns = definition("t").columns();
        assertThat(columns.subList(4, columns.size())).isEqualTo(added);
        reopen();
        assertThat(definition("t").columns()).isEqualTo(columns);
        Row row = engine.reader(table.id()).get("a", false).orElseThrow();
        assertThat(row.values().subList(4, row.values().size()))
                .isEqualTo(Arrays.asList("it's \"\0\" ?", Long.MIN_VALUE, 0.1, true, time, "{}", null));
        assertThat(nearest(table, 1, 1, 0)).containsExactly("a:first");
        List<@Nullable Object> whole = new ArrayList<>(Fixtures.document("c", "third", 1, 1));
        whole.addAll(Arrays.asList("n", null, null, null, null, null, "x"));
        insert(table, OnConflict.ERROR, whole);
        assertThat(engine.reader(table.id())
                        .get("c", false)
                        .orElseThrow()
                        .values()
                        .get(10))
                .isEqualTo("x");
    }

    @Test
    void refusesColumnsThatDoNotFitTheRows() {
        Table table = filled();
        assertRefused(table, new Alteration.AddColumn(Column.of("text", ColumnType.INT, false), null));
        assertRefused(table, new Alteration.AddColumn(Column.of("new", ColumnType.INT, true), null));
        assertRefused(
                table,
                new Alteration.AddColumn(Column.of("new", ColumnType.INT, true).withDefault("x"), null));
        assertThatThrownBy(() -> alter(
                        table,
                        new Alteration.AddColumn(
                                Column.of("new", ColumnType.INT, false)
                                        .asUnique()
                                        .withDefault(1L),
                                null)))
                .isInstanceOf(ConflictException.class);
        assertThat(definition("t")).isEqualTo(table.definition());
        assertThat(engine.reader(table.id()).get("a", false).orElseThrow().values())
                .hasSize(4);
    }

    @Test
    void addsNoMoreColumnsThanATableMayBeCreatedWith() {
        List<Column> columns = new ArrayList<>(filled().definition().columns());
        while (columns.size() < MOST_COLUMNS) {
            columns.add(Column.of("c" + columns.size(), ColumnType.INT, false));
        }
        Table wide = engine.create(new TableDefinition("wide", columns, "id", Map.of()));
        columns.add(Column.of("more", ColumnType.INT, false));
        assertThatThrownBy(() -> engine.create(new TableDefinition("wider", columns, "id", Map.of())))
                .isInstanceOf(InvalidInputException.class);
        assertRefused(wide, new Alteration.AddColumn(Column.of("more", ColumnType.INT, false), null));
        assertRefused(wide, new Alteration.AddColumn(Column.vector("more", 3, Metric.COSINE), null));
    }

    @Test
    void makesTheCellsOfANewVectorColumnWaitIfAsked() {
        Table table = filled();
        Predicate first = new Predicate.Compare(FieldPath.column("text"), Operator.EQUAL, "first");
        Table altered = alter(table, new Alteration.AddColumn(Column.vector("v2", 3, Metric.EUCLIDEAN), first));
        assertThat(engine.reader(table.id()).countCells("v2")).isEqualTo(new CellCounts(0, 1, 0, 1));
        assertThat(altered.version()).isGreaterThan(table.version()).isEqualTo(engine.version());
        assertThat(engine.reader(table.id()).search(search("v2", 1, 0, 0)).hits())
                .isEmpty();
        alter(table, new Alteration.AddColumn(Column.vector("v3", 3, Metric.EUCLIDEAN), null));
        assertThat(engine.reader(table.id()).countCells("v3")).isEqualTo(new CellCounts(0, 0, 0, 2));
    }

    @Test
    void dropsColumnsAndNeverMistakesALaterOneForThem() {
        Table table = filled();
        alter(table, new Alteration.DropColumn("metadata"));
        alter(table, new Alteration.DropColumn("vector"));
        alter(table, new Alteration.AddColumn(Column.of("metadata", ColumnType.INT, false), null));
        alter(table, new Alteration.AddColumn(Column.vector("vector", 2, Metric.COSINE), null));
        assertThat(engine.reader(table.id()).get("a", true).orElseThrow().values())
                .isEqualTo(Arrays.asList("a", "first", null, null));
        assertThat(engine.reader(table.id()).search(Fixtures.search(5, 1, 0)).hits())
                .isEmpty();
        insert(table, OnConflict.ERROR, Arrays.asList("c", "third", 7L, new float[] {1, 0}));
        assertThat(nearest(table, 5, 1, 0)).containsExactly("c:third");
        reopen();
        assertThat(nearest(table, 5, 1, 0)).containsExactly("c:third");
        assertRefused(table, new Alteration.DropColumn("id"));
        assertRefused(table, new Alteration.DropColumn("nothing"));
        alter(table, new Alteration.DropColumn("vector"));
        assertThatThrownBy(() -> engine.reader(table.id()).search(Fixtures.search(5, 1, 0)))
                .isInstanceOf(InvalidInputException.class);
    }

    @Test
    void renamesColumnsAndTables() {
        Table table = filled();
        Table other = engine.create(Fixtures.documents("other"));
        alter(table, new Alteration.RenameColumn("vector", "embedding \"x\""));
        alter(table, new Alteration.RenameColumn("id", "select"));
        alter(table, new Alteration.RenameColumn("text", "a.b"));
        alter(table, new Alteration.RenameTable("drop table"));
        assertRefused(table, new Alteration.RenameColumn("select", "a.b"));
        assertRefused(table, new Alteration.RenameColumn("select", ""));
        assertThatThrownBy(() -> alter(table, new Alteration.RenameTable("other")))
                .isInstanceOf(ConflictException.class);
        for (int i = 0; i < 2; i++) {
            assertThat(engine.find("t")).isEmpty();
            assertThat(engine.find("drop table").orElseThrow().id()).isEqualTo(table.id());
            assertThat(definition("drop table").primaryKey()).isEqualTo("select");
            assertThat(engine.reader(table.id())
                            .search(search("embedding \"x\"", 1, 0))
                            .hits())
                    .hasSize(2);
            assertThat(engine.reader(table.id())
                            .count(new Predicate.Compare(FieldPath.column("a.b"), Operator.EQUAL, "first")))
                    .isOne();
            reopen();
        }
        assertThat(engine.find(other.id()).orElseThrow().definition().name()).isEqualTo("other");
    }

    @Test
    void putsOneVectorColumnInThePlaceOfAnother() {
        Table table = filled();
        alter(
                table,
                new Alteration.AddColumn(
                        Column.vector("next", 3, Metric.EUCLIDEAN).withProperties(Map.of("model", "new")), null));
        alter(table, new Alteration.AddColumn(Column.of("last", ColumnType.INT, false), null));
        Fixtures.done(engine.write(table.id(), new Mutation.Update(RowSelection.keys("b"), Map.of("next", new float[] {
            1, 2, 3
        }))));
        alter(table, new Alteration.ReplaceColumn("vector", "next", Map.of("model", "newest")));
        for (int i = 0; i < 2; i++) {
            assertThat(definition("t").columns())
                    .extracting(Column::name)
                    .containsExactly("id", "text", "metadata", "vector", "last");
            assertThat(definition("t").columns().get(3))
                    .isEqualTo(Column.vector("vector", 3, Metric.EUCLIDEAN).withProperties(Map.of("model", "newest")));
            assertThat(nearest(table, 5, 1, 2, 3)).containsExactly("b:second");
            assertThat(engine.reader(table.id()).countCells("vector")).isEqualTo(new CellCounts(1, 0, 0, 1));
            reopen();
        }
        assertRefused(table, new Alteration.ReplaceColumn("vector", "vector", Map.of()));
        assertRefused(table, new Alteration.ReplaceColumn("vector", "text", Map.of()));
    }

    @Test
    void refusesAWriteThatWasMadeForOtherColumns() {
        Table table = filled();
        Mutation write = new Mutation.Update(RowSelection.keys("a"), Map.of("text", "changed"));
        alter(table, new Alteration.RenameTable("other"));
        assertThat(Fixtures.done(engine.write(table, write)).updated()).isEqualTo(1);
        for (Alteration alteration : List.of(
                new Alteration.AddColumn(Column.vector("late", 2, Metric.COSINE), null),
                new Alteration.SetColumnProperties("vector", Map.of("source", "text")),
                new Alteration.RenameColumn("metadata", "more"),
                new Alteration.DropColumn("late"))) {
            Table before = engine.find(table.id()).orElseThrow();
            Table after = alter(table, alteration);
            assertThatThrownBy(() -> Fixtures.done(engine.write(before, write)))
                    .as(alteration.toString())
                    .isInstanceOf(TableChangedException.class);
            assertThat(Fixtures.done(engine.write(after, write)).updated()).isEqualTo(1);
        }
    }

    @Test
    void keepsWhatItsOwnerKeepsWithAColumn() {
        Table table = filled();
        alter(table, new Alteration.SetColumnProperties("vector", Map.of("source", "text", "", "")));
        alter(table, new Alteration.SetColumnProperties("vector", Map.of("source", "metadata")));
        reopen();
        assertThat(definition("t").columns().get(3).properties()).isEqualTo(Map.of("source", "metadata"));
    }

    @Test
    void appliesWritesThatWereQueuedBeforeAnAlterationUnderTheNewDefinition() {
        Table table = filled();
        List<CompletableFuture<WriteResult>> writes = new ArrayList<>();
        Mutation rename = new Mutation.Update(RowSelection.keys("a"), Map.of("text", "updated"));
        for (int i = 0; i < 50; i++) {
            writes.add(engine.write(
                    table.id(),
                    new Mutation.Insert(List.of(Fixtures.document("k" + i, "new", 1, i)), OnConflict.ERROR)));
        }
        writes.add(engine.write(table.id(), rename));
        alter(table, new Alteration.DropColumn("metadata"));
        alter(
                table,
                new Alteration.AddColumn(
                        Column.of("count", ColumnType.INT, true).withDefault(7L), null));
        writes.forEach(Fixtures::done);
        for (Row row : engine.reader(table.id()).list(0, 1_000, false).rows()) {
            assertThat(row.values().get(3)).isEqualTo(7L);
        }
        assertThat(text(table, "a")).isEqualTo("updated");
        assertThat(nearest(table, 100, 1, 0)).hasSize(52);
    }

    @Test
    void searchesAndReadsGoOnWhileColumnsComeAndGo() throws Exception {
        Table table = filled();
        AtomicBoolean done = new AtomicBoolean();
        // Readers that never wait would keep virtual threads that hold a lock from ever running on.
        try (ExecutorService executor = Executors.newCachedThreadPool()) {
            List<Future<?>> readers = new ArrayList<>();
            for (Runnable read : List.<Runnable>of(
                    () -> assertThat(nearest(table, 5, 1, 0)).hasSize(2),
                    () -> assertThat(engine.reader(table.id()).list(0, 10, true).rows())
                            .hasSize(2),
                    () -> assertThat(engine.reader(table.id()).get("a", true)).isPresent(),
                    () -> assertThat(engine.reader(table.id())
                                    .query(new RowQuery(null, List.of(), null, 0, 10, Long.MAX_VALUE, true))
                                    .rows())
                            .hasSize(2))) {
                readers.add(executor.submit(() -> {
                    while (!done.get()) {
                        read.run();
                    }
                }));
            }
            try {
                for (int i = 0; i < 40; i++) {
                    alter(table, new Alteration.AddColumn(Column.of("more", ColumnType.STRING, false), null));
                    alter(table, new Alteration.AddColumn(Column.vector("other", 2, Metric.COSINE), null));
                    alter(table, new Alteration.DropColumn("more"));
                    alter(table, new Alteration.DropColumn("other"));
                }
            } finally {
                done.set(true);
            }
            for (Future<?> reader : readers) {
                reader.get();
            }
        }
    }

    @Test
    void answersOrRefusesSearchesOverAColumnThatIsDroppedUnderThem() throws Exception {
        Table table = filled();
        alter(
                table,
                new Alteration.AddColumn(
                        Column.of("area", ColumnType.STRING, false).withDefault("n"), null));
        AtomicBoolean done = new AtomicBoolean();
        Predicate north = new Predicate.Compare(FieldPath.column("area"), Operator.EQUAL, "n");
        try (ExecutorService executor = Executors.newFixedThreadPool(3)) {
            List<Future<Integer>> searches = new ArrayList<>();
            for (Callable<Integer> search : List.<Callable<Integer>>of(
                    () -> nearest(table, 5, 1, 0).size(),
                    () -> engine.reader(table.id())
                            .search(new VectorSearch("vector", new float[] {1, 0}, 5, north, null, false, false))
                            .hits()
                            .size(),
                    () -> (int) engine.reader(table.id()).count(north))) {
                searches.add(executor.submit(() -> {
                    int answered = 0;
                    while (!done.get()) {
                        try {
                            assertThat(search.call()).isIn(0, 2);
                            answered++;
                        } catch (InvalidInputException noSuchColumn) {
                            // As it was read: no such column, or not the vector column that it was.
                            assertThat(noSuchColumn.code()).isIn(ErrorCode.UNKNOWN_FIELD, ErrorCode.INVALID_ARGUMENT);
                        }
                    }
                    return answered;
                }));
            }
            try {
                for (int i = 0; i < 20; i++) {
                    alter(table, new Alteration.DropColumn("vector"));
                    alter(table, new Alteration.DropColumn("area"));
                    alter(
                            table,
                            new Alteration.AddColumn(
                                    Column.of("area", ColumnType.STRING, false).withDefault("n"), null));
                    alter(table, new Alteration.AddColumn(Column.vector("vector", 2, Metric.COSINE), null));
                    Fixtures.done(engine.write(
                            table.id(),
                            new Mutation.Update(new RowSelection.All(), Map.of("vector", new float[] {1, 0}))));
                }
            } finally {
                done.set(true);
            }
            for (Future<Integer> search : searches) {
                search.get();
            }
        }
        assertThat(nearest(table, 5, 1, 0)).hasSize(2);
    }

    @Test
    void keepsAThousandColumnsOfAnyName() {
        List<Column> columns = new ArrayList<>();
        columns.add(Column.of("id", ColumnType.STRING, true));
        columns.add(Column.vector("vector", 2, Metric.COSINE));
        List<String> odd = List.of(
                "select", "\"", "'", "a.b", "c1", "rowid", "id\0", "\ud83d\ude00", " ", "version", "--", "a;b", "[x]");
        for (int i = 0; columns.size() < 1_099; i++) {
            String name = i < odd.size() ? odd.get(i) : "column " + i;
            columns.add(Column.of(name, i % 2 == 0 ? ColumnType.STRING : ColumnType.INT, false));
        }
        Table table = engine.create(new TableDefinition("wide", columns, "id", Map.of()));
        alter(table, new Alteration.AddColumn(Column.of("last", ColumnType.STRING, false), null));
        assertThatThrownBy(() -> alter(table, new Alteration.AddColumn(Column.of("x", ColumnType.INT, false), null)))
                .isInstanceOf(InvalidInputException.class);
        @Nullable Object[] values = new Object[1_100];
        for (int i = 2; i < 1_099; i++) {
            values[i] = i % 2 == 0 ? "v" + i : Long.valueOf(i);
        }
        values[0] = "k";
        values[1] = new float[] {1, 0};
        insert(table, OnConflict.ERROR, Arrays.<@Nullable Object>asList(values));
        for (int i = 0; i < odd.size(); i++) {
            FieldPath field = FieldPath.column(odd.get(i));
            Predicate equal =
                    new Predicate.Compare(field, Operator.EQUAL, java.util.Objects.requireNonNull(values[i + 2]));
            assertThat(engine.reader(table.id()).count(equal)).as(odd.get(i)).isOne();
            alter(table, new Alteration.RenameColumn(odd.get(i), odd.get(i) + "'"));
        }
        reopen();
        assertThat(engine.reader(table.id())
                        .get("k", false)
                        .orElseThrow()
                        .values()
                        .get(998))
                .isEqualTo("v998");
        assertThat(definition("wide").columns().get(2).name()).isEqualTo("select'");
    }

    @Test
    void altersNoTableThatIsNotThere() {
        assertThatThrownBy(() -> engine.alter(UUID.randomUUID(), new Alteration.RenameTable("x")))
                .isInstanceOf(NotFoundException.class);
    }

    private void assertRefused(Table table, Alteration alteration) {
        assertThatThrownBy(() -> alter(table, alteration))
                .isInstanceOfSatisfying(
                        AkidbException.class,
                        e -> assertThat(e.code())
                                .isIn(
                                        ErrorCode.INVALID_ARGUMENT,
                                        ErrorCode.OUT_OF_RANGE,
                                        ErrorCode.UNKNOWN_FIELD,
                                        ErrorCode.WRONG_TYPE));
    }

    private Table filled() {
        Table table = engine.create(Fixtures.documents("t"));
        insert(
                table,
                OnConflict.ERROR,
                Fixtures.document("a", "first", 1, 0),
                Fixtures.document("b", "second", 0.5f, 0.5f));
        return engine.find("t").orElseThrow();
    }

    private TableDefinition definition(String table) {
        return engine.find(table).orElseThrow().definition();
    }

    private Table alter(Table table, Alteration alteration) {
        return engine.alter(table.id(), alteration);
    }

    private static VectorSearch search(String column, float... vector) {
        return new VectorSearch(column, vector, 5, null, null, false, false);
    }
}
