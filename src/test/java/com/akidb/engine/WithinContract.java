package com.akidb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.error.ConflictException;
import com.akidb.error.ForbiddenException;
import com.akidb.error.NotFoundException;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How engines keep a write within the rows that it may concern. */
public abstract class WithinContract extends TableEngineContract {

    private static final Predicate OWN =
            new Predicate.Compare(FieldPath.column("text"), Predicate.Operator.EQUAL, "own");

    private @Nullable Table made;

    private Table createTable() {
        Table table = engine.create(Fixtures.documents("notes"));
        made = table;
        insert(
                table,
                OnConflict.ERROR,
                Fixtures.document("mine", "own", 1, 0),
                Fixtures.document("theirs", "foreign", 0, 1));
        return table;
    }

    private Table table() {
        return Objects.requireNonNull(made);
    }

    private WriteResult write(Mutation mutation) {
        return Fixtures.done(engine.write(new TableMutation(table(), mutation, OWN), null));
    }

    private static Mutation insertion(OnConflict onConflict, String key, String text) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        rows.add(Fixtures.document(key, text, 1, 1));
        return new Mutation.Insert(rows, onConflict);
    }

    private static Mutation.UpdateEach each(String key, String text, Mutation.IfMissing ifMissing) {
        return new Mutation.UpdateEach(List.of(new Mutation.RowValues(key, Map.of("text", text))), ifMissing);
    }

    private void requireUntouched() {
        assertThat(text(table(), "mine")).isEqualTo("own");
        assertThat(text(table(), "theirs")).isEqualTo("foreign");
        assertThat(engine.reader(table().id()).count(null)).isEqualTo(2);
    }

    @Test
    void deletesOnlyRowsThatItMayConcern() {
        Table table = createTable();
        for (RowSelection rows : List.of(
                new RowSelection.All(),
                RowSelection.keys("mine", "theirs"),
                new RowSelection.Where(new Predicate.Not(new Predicate.IsNull(FieldPath.column("text")))))) {
            assertThat(write(new Mutation.Delete(rows)).deleted()).isEqualTo(1);
            assertThat(engine.reader(table.id()).get("theirs", false)).isPresent();
            assertThat(engine.reader(table.id()).get("mine", false)).isEmpty();
            insert(table, OnConflict.ERROR, Fixtures.document("mine", "own", 1, 0));
        }
        long version =
                engine.reader(table.id()).get("theirs", false).orElseThrow().version();
        assertThat(write(new Mutation.Delete(new RowSelection.AsOf("theirs", version)))
                        .deleted())
                .isZero();
    }

    @Test
    void updatesOnlyRowsThatItMayConcern() {
        createTable();
        assertThat(write(new Mutation.Update(new RowSelection.All(), Map.of("text", "own")))
                        .updated())
                .isEqualTo(1);
        assertThat(write(new Mutation.Update(RowSelection.keys("theirs"), Map.of("text", "own")))
                        .updated())
                .isZero();
        assertThatThrownBy(() -> write(each("theirs", "own", Mutation.IfMissing.ERROR)))
                .isInstanceOf(NotFoundException.class);
        assertThat(write(each("theirs", "own", Mutation.IfMissing.IGNORE)).ignored())
                .isEqualTo(1);
        assertThat(write(each("mine", "own", Mutation.IfMissing.ERROR)).updated())
                .isEqualTo(1);
        requireUntouched();
    }

    @Test
    void leavesNoRowThatItMayNotConcern() {
        createTable();
        assertThatThrownBy(() -> write(new Mutation.Update(new RowSelection.All(), Map.of("text", "given away"))))
                .isInstanceOf(ForbiddenException.class);
        assertThatThrownBy(() -> write(each("mine", "given away", Mutation.IfMissing.ERROR)))
                .isInstanceOf(ForbiddenException.class);
        assertThatThrownBy(() -> write(insertion(OnConflict.ERROR, "new", "foreign")))
                .isInstanceOf(ForbiddenException.class);
        assertThatThrownBy(() -> write(insertion(OnConflict.REPLACE, "mine", "given away")))
                .isInstanceOf(ForbiddenException.class);
        requireUntouched();
        assertThat(write(insertion(OnConflict.ERROR, "new", "own")).inserted()).isEqualTo(1);
    }

    @Test
    void replacesNoRowThatItMayNotConcern() {
        createTable();
        assertThatThrownBy(() -> write(insertion(OnConflict.REPLACE, "theirs", "own")))
                .isInstanceOf(ForbiddenException.class);
        assertThatThrownBy(() -> write(insertion(OnConflict.ERROR, "theirs", "own")))
                .isInstanceOf(ConflictException.class);
        assertThat(write(insertion(OnConflict.IGNORE, "theirs", "own")).ignored())
                .isEqualTo(1);
        requireUntouched();
        assertThat(write(insertion(OnConflict.REPLACE, "mine", "own")).replaced())
                .isEqualTo(1);
    }

    @Test
    void doesNothingOfACommitOfWhichAPartIsForbidden() {
        Table table = createTable();
        Table other = engine.create(Fixtures.documents("other"));
        List<List<@Nullable Object>> rows = new ArrayList<>();
        rows.add(Fixtures.document("a", "x", 1, 0));
        assertThatThrownBy(() -> engine.write(List.of(
                                new TableMutation(other, new Mutation.Insert(rows, OnConflict.ERROR)),
                                new TableMutation(table, insertion(OnConflict.ERROR, "new", "foreign"), OWN)))
                        .join())
                .hasCauseInstanceOf(ForbiddenException.class);
        assertThat(engine.reader(other.id()).count(null)).isZero();
        requireUntouched();
    }
}
