package com.akidb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.engine.Alteration.AddColumn;
import com.akidb.engine.Alteration.DropColumn;
import com.akidb.engine.Alteration.RenameColumn;
import com.akidb.engine.Alteration.RenameTable;
import com.akidb.engine.Alteration.ReplaceColumn;
import com.akidb.engine.Alteration.SetColumnProperties;
import com.akidb.error.NotFoundException;
import com.akidb.error.TableChangedException;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import com.akidb.vector.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** How engines keep readers and writes to the columns that they were made for. */
public abstract class PinnedColumnsContract extends TableEngineContract {

    private static final Column NOTE = Column.of("note", ColumnType.STRING, false);

    /** A table whose column {@code text} has an index of words. */
    private Table filled() {
        Table table = engine.create(Fixtures.documents("t"));
        put(table, "a", "first words", 1, 0);
        put(table, "b", "second words", 0, 1);
        return engine.find(table.id()).orElseThrow();
    }

    private Table now(Table table) {
        return engine.find(table.id()).orElseThrow();
    }

    /** Everything that a reader can be asked, of columns that the tests leave alone. */
    private static List<Consumer<TableReader>> reads() {
        RowQuery query = new RowQuery(null, List.of(), null, 0, 10, Long.MAX_VALUE, false);
        Predicate there = new Predicate.Not(new Predicate.IsNull(FieldPath.column("text")));
        return List.of(
                reader -> reader.get("a", true),
                reader -> reader.list(0, 10, false),
                reader -> reader.rows(new long[] {1}, false),
                reader -> reader.query(query),
                reader -> reader.explain(query),
                reader -> reader.count(null),
                reader -> reader.count(there),
                reader -> reader.groups(new GroupQuery(null, List.of(FieldPath.column("text")), false, 10)),
                reader -> reader.searchText(new TextSearch(List.of("text"), "words", 10, null)),
                reader -> reader.search(Fixtures.search(2, 1, 0)),
                reader -> reader.searchCached(Fixtures.search(2, 1, 0)),
                reader -> reader.search(Fixtures.search(2, 1, 0), Runnable::run).join(),
                reader -> reader.countCells("vector"),
                reader -> reader.cells(new CellQuery("vector", CellState.PENDING, "text", 0, 10)),
                reader -> reader.changes(Changes.Place.after(0), 10, false));
    }

    private void assertRefused(Table pinned) {
        for (Consumer<TableReader> read : reads()) {
            TableReader reader = engine.reader(pinned);
            assertThatThrownBy(() -> read.accept(reader)).isInstanceOf(TableChangedException.class);
        }
        Mutation write = new Mutation.Update(RowSelection.keys("a"), Map.of("text", "changed"));
        assertThatThrownBy(() -> Fixtures.done(engine.write(pinned, write))).isInstanceOf(TableChangedException.class);
    }

    private void assertAnswered(Table pinned) {
        TableReader reader = engine.reader(pinned);
        for (Consumer<TableReader> read : reads()) {
            read.accept(reader);
        }
        assertThat(reader.count(null)).isEqualTo(2);
        assertThat(reader.search(Fixtures.search(2, 1, 0)).hits()).hasSize(2);
        Mutation write = new Mutation.Update(RowSelection.keys("a"), Map.of("text", "more words"));
        assertThat(Fixtures.done(engine.write(pinned, write)).updated()).isOne();
    }

    private void index(Table table) {
        engine.createIndex(table.id(), new IndexDefinition("words", List.of("text"), IndexMethod.TEXT, null, Map.of()));
        org.awaitility.Awaitility.await()
                .until(() -> engine.indexes(table.id()).getLast().state().equals("ready"));
    }

    @Test
    void readsOnWhateverHappensToRowsIndexesAndTheTablesName() {
        Table table = filled();
        index(table);
        assertAnswered(table);
        engine.alter(table.id(), new RenameTable("other"));
        put(table, "b", "third words", 0, 1);
        assertAnswered(table);
        assertThat(now(table).columnsVersion()).isEqualTo(table.columnsVersion());
    }

    @Test
    void refusesEveryReadAndWriteThatWasMadeForOtherColumns() {
        Table table = filled();
        index(table);
        TableReader early = engine.reader(table);
        Column next = Column.vector("next", 2, Metric.COSINE);
        for (Alteration alteration : List.of(
                new AddColumn(NOTE, null),
                new SetColumnProperties("note", Map.of("source", "text")),
                new RenameColumn("note", "remark"),
                new DropColumn("remark"),
                new AddColumn(next, null),
                new ReplaceColumn("next", "vector", Map.of()),
                new RenameColumn("next", "vector"))) {
            Table before = now(table);
            Table after = engine.alter(table.id(), alteration);
            assertThat(after.columnsVersion()).as("%s", alteration).isNotEqualTo(before.columnsVersion());
            assertThat(now(table)).isEqualTo(after);
            assertRefused(before);
        }
        assertRefused(table);
        assertThatThrownBy(() -> early.list(0, 10, false)).isInstanceOf(TableChangedException.class);
        assertAnswered(now(table));
        reopen();
        assertRefused(table);
        assertAnswered(now(table));
    }

    @Test
    void neverTakesAColumnForAnotherThatLooksTheSame() {
        Table table = filled();
        index(table);
        engine.alter(table.id(), new DropColumn("metadata"));
        Column same = table.definition().columns().get(2);
        Table before = engine.alter(table.id(), new AddColumn(same, null));
        engine.alter(table.id(), new DropColumn("metadata"));
        Table after = engine.alter(table.id(), new AddColumn(same, null));
        assertThat(after.definition()).isEqualTo(before.definition());
        assertRefused(before);
        engine.alter(table.id(), new RenameColumn("metadata", "spare"));
        engine.alter(table.id(), new RenameColumn("spare", "metadata"));
        assertRefused(after);
        reopen();
        assertRefused(before);
        assertRefused(after);
        assertAnswered(now(table));
    }

    @Test
    void knowsNoTableThatIsGone() {
        Table table = filled();
        TableReader reader = engine.reader(table);
        engine.drop(table.id());
        for (Consumer<TableReader> read : reads()) {
            assertThatThrownBy(() -> read.accept(reader)).isInstanceOf(NotFoundException.class);
        }
        assertThatThrownBy(() -> engine.reader(table)).isInstanceOf(NotFoundException.class);
    }

    @Test
    void showsValuesOfNoOtherColumnsWhileColumnsComeAndGo() throws Exception {
        Table table = filled();
        AtomicBoolean done = new AtomicBoolean();
        try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
            List<Future<Integer>> readers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                readers.add(executor.submit(() -> readUntil(done, table)));
            }
            try {
                for (int i = 0; i < 30; i++) {
                    String kind = String.valueOf(i);
                    Column column = NOTE.withDefault(kind).withProperties(Map.of("kind", kind));
                    engine.alter(table.id(), new AddColumn(column, null));
                    engine.alter(table.id(), new DropColumn("note"));
                }
            } finally {
                done.set(true);
            }
            for (Future<Integer> reader : readers) {
                assertThat(reader.get()).isPositive();
            }
        }
    }

    /** Counts the answers; each row must have what the columns say that it was read by. */
    private int readUntil(AtomicBoolean done, Table table) {
        int answered = 0;
        while (!done.get() || answered == 0) {
            Table pinned = now(table);
            List<Column> columns = pinned.definition().columns();
            try {
                for (Row row : engine.reader(pinned).list(0, 10, true).rows()) {
                    assertThat(row.values()).hasSameSizeAs(columns);
                    for (int i = 4; i < columns.size(); i++) {
                        assertThat(row.values().get(i))
                                .isEqualTo(columns.get(i).properties().get("kind"));
                    }
                }
                assertThat(engine.reader(pinned)
                                .search(Fixtures.search(2, 1, 0))
                                .hits())
                        .allSatisfy(hit -> assertThat(hit.row().values()).hasSameSizeAs(columns));
                answered++;
            } catch (TableChangedException another) {
                // It is looked up again.
                continue;
            }
        }
        return answered;
    }
}
