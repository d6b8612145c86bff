package com.akidb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.error.ConflictException;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How engines make several writes, to one table or to more, one commit. */
public abstract class SeveralWritesContract extends TableEngineContract {

    private static TableMutation insertion(Table table, OnConflict onConflict, String... keys) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (String key : keys) {
            rows.add(Fixtures.document(key, "text of " + key, 1, 0));
        }
        return new TableMutation(table.id(), new Mutation.Insert(rows, onConflict));
    }

    private static TableMutation deletion(Table table, String... keys) {
        return new TableMutation(table.id(), new Mutation.Delete(RowSelection.keys(keys)));
    }

    private List<WriteResult> write(TableMutation... mutations) {
        try {
            return engine.write(Arrays.asList(mutations)).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private List<String> keys(Table table) {
        return engine.reader(table.id()).list(0, 1_000, false).rows().stream()
                .map(row -> String.valueOf(row.values().getFirst()))
                .toList();
    }

    @Test
    void changesSeveralTablesInOneCommit() {
        Table notes = engine.create(Fixtures.documents("notes"));
        Table clients = engine.create(Fixtures.documents("clients"));
        long before = engine.version();
        List<WriteResult> results = write(
                insertion(notes, OnConflict.ERROR, "a", "b"),
                insertion(clients, OnConflict.ERROR, "c"),
                deletion(notes, "a"));
        long version = results.getFirst().version();
        assertThat(version).isGreaterThan(before).isEqualTo(engine.version());
        assertThat(results)
                .containsExactly(
                        new WriteResult(2, 0, 0, 0, 0, version),
                        new WriteResult(1, 0, 0, 0, 0, version),
                        new WriteResult(0, 0, 0, 0, 1, version));
        assertThat(keys(notes)).containsExactly("b");
        assertThat(keys(clients)).containsExactly("c");
        assertThat(engine.find(notes.id()).orElseThrow().version()).isEqualTo(version);
        assertThat(engine.find(clients.id()).orElseThrow().version()).isEqualTo(version);
        assertThat(engine.find(notes.id()).orElseThrow().rowCount()).isEqualTo(1);
        assertThat(nearest(notes, 5, 1, 0)).containsExactly("b:text of b");
        reopen();
        assertThat(keys(notes)).containsExactly("b");
        assertThat(keys(clients)).containsExactly("c");
        assertThat(nearest(clients, 5, 1, 0)).containsExactly("c:text of c");
    }

    @Test
    void letsEachWriteSeeWhatThoseBeforeItDid() {
        Table table = engine.create(Fixtures.documents("t"));
        RowSelection named = new RowSelection.Where(
                new Predicate.Compare(FieldPath.column("text"), Predicate.Operator.EQUAL, "text of a"));
        List<WriteResult> results = write(
                insertion(table, OnConflict.ERROR, "a"),
                new TableMutation(table.id(), new Mutation.Update(named, Map.of("text", "changed"))),
                insertion(table, OnConflict.REPLACE, "b"),
                insertion(table, OnConflict.IGNORE, "a"),
                deletion(table, "b"));
        assertThat(results).extracting(WriteResult::updated).containsExactly(0, 1, 0, 0, 0);
        assertThat(results.get(3).ignored()).isEqualTo(1);
        assertThat(results.get(4).deleted()).isEqualTo(1);
        assertThat(text(table, "a")).isEqualTo("changed");
        assertThat(keys(table)).containsExactly("a");
    }

    @Test
    void doesNothingIfOneOfThemFails() {
        Table notes = engine.create(Fixtures.documents("notes"));
        Table clients = engine.create(Fixtures.documents("clients"));
        put(clients, "taken", "text", 1, 0);
        long before = engine.version();
        assertThatThrownBy(() -> write(
                        insertion(notes, OnConflict.ERROR, "a"),
                        insertion(clients, OnConflict.ERROR, "b"),
                        insertion(clients, OnConflict.ERROR, "taken")))
                .isInstanceOf(ConflictException.class);
        assertThat(keys(notes)).isEmpty();
        assertThat(keys(clients)).containsExactly("taken");
        assertThat(engine.version()).isEqualTo(before);
        assertThat(engine.find(notes.id()).orElseThrow().rowCount()).isZero();
        assertThat(nearest(notes, 5, 1, 0)).isEmpty();
        put(notes, "later", "text", 0, 1);
        assertThat(keys(notes)).containsExactly("later");
    }

    @Test
    void failsAloneWhenOthersShareItsCommit() {
        Table notes = engine.create(Fixtures.documents("notes"));
        Table clients = engine.create(Fixtures.documents("clients"));
        List<CompletableFuture<List<WriteResult>>> answers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            answers.add(engine.write(List.of(
                    insertion(notes, OnConflict.ERROR, "n" + i), insertion(clients, OnConflict.ERROR, "c" + i / 2))));
        }
        int failed = 0;
        for (CompletableFuture<List<WriteResult>> answer : answers) {
            failed += answer.handle((_, failure) -> failure == null ? 0 : 1).join();
        }
        assertThat(failed).isEqualTo(25);
        assertThat(keys(notes)).hasSize(25).allMatch(key -> Integer.parseInt(key.substring(1)) % 2 == 0);
        assertThat(keys(clients)).hasSize(25);
    }

    @Test
    void refusesTheWholeIfATableIsGoneOrItsColumnsAreOthers() {
        Table notes = engine.create(Fixtures.documents("notes"));
        assertThatThrownBy(() -> write(
                        insertion(notes, OnConflict.ERROR, "a"),
                        new TableMutation(UUID.randomUUID(), new Mutation.Delete(RowSelection.keys("a")))))
                .isInstanceOf(NotFoundException.class);
        engine.alter(notes.id(), new Alteration.AddColumn(Column.of("late", ColumnType.INT, false), null));
        TableMutation late = new TableMutation(notes, new Mutation.Delete(RowSelection.keys("a")));
        TableMutation fitting = new TableMutation(
                notes.id(),
                new Mutation.Insert(
                        List.of(Arrays.asList("b", "text", null, new float[] {1, 0}, 7L)), OnConflict.ERROR));
        assertThatThrownBy(() -> write(fitting, late)).isInstanceOf(ConflictException.class);
        assertThat(keys(notes)).isEmpty();
        assertThat(write(fitting).getFirst().inserted()).isEqualTo(1);
    }

    @Test
    void takesNeitherNothingNorTooMuch() {
        Table table = engine.create(Fixtures.documents("t"));
        TableMutation one = deletion(table, "a");
        assertThatThrownBy(() -> write()).isInstanceOf(InvalidInputException.class);
        TableMutation[] many = new TableMutation[1_001];
        Arrays.fill(many, one);
        assertThatThrownBy(() -> write(many)).isInstanceOf(InvalidInputException.class);
        assertThat(write(Arrays.copyOf(many, 1_000))).hasSize(1_000);
    }

    @Test
    void makesNoCommitIfNothingChanges() {
        Table table = engine.create(Fixtures.documents("t"));
        put(table, "a", "text", 1, 0);
        long before = engine.version();
        assertThat(write(deletion(table, "nobody"), insertion(table, OnConflict.IGNORE, "a")))
                .containsExactly(new WriteResult(0, 0, 0, 0, 0, before), new WriteResult(0, 0, 1, 0, 0, before));
        assertThat(engine.version()).isEqualTo(before);
    }
}
