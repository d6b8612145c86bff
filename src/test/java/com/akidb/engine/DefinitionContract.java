package com.akidb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.error.ConflictException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.error.UnavailableException;
import com.akidb.vector.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How engines make, list and drop tables, and end. */
public abstract class DefinitionContract extends TableEngineContract {

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
    void takesNamesOf255CharactersHoweverManyCharsThatIs() {
        String name = "\ud83d\ude00".repeat(255);
        Table table = engine.create(Fixtures.documents(name));
        reopen();
        assertThat(engine.find(name).orElseThrow().id()).isEqualTo(table.id());
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
        assertThat(engine.reader(again.id()).list(0, 10, false).rows()).isEmpty();
    }

    private void assertGone(Table table) {
        assertThat(engine.find("t")).isEmpty();
        assertThat(engine.find(table.id())).isEmpty();
        assertThatThrownBy(() -> engine.reader(table.id()).get("a", false)).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> engine.reader(table.id()).search(Fixtures.search(1, 1, 0)))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> delete(table, "a")).isInstanceOf(NotFoundException.class);
    }

    @Test
    void knowsNoTableThatNobodyMade() {
        UUID nobody = UUID.randomUUID();
        assertThat(engine.find(nobody)).isEmpty();
        assertThat(engine.drop(nobody)).isFalse();
        assertThatThrownBy(() -> engine.indexes(nobody)).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> engine.reader(nobody).list(0, 1, false)).isInstanceOf(NotFoundException.class);
    }

    @Test
    void refusesDefinitionsThatCannotBeATable() {
        Column key = Column.of("id", ColumnType.STRING, true);
        assertUndefinable(List.of(key, key), "id");
        assertUndefinable(List.of(Column.of("id", ColumnType.STRING, false)), "id");
        assertUndefinable(List.of(Column.of("id", ColumnType.FLOAT, true)), "id");
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
        assertThatThrownBy(() -> engine.reader(table.id()).get("a", false)).isInstanceOf(UnavailableException.class);
        assertThatThrownBy(() -> engine.create(Fixtures.documents("u"))).isInstanceOf(UnavailableException.class);
    }
}
