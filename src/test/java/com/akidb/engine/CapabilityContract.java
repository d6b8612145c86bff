package com.akidb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.engine.Changes.Place;
import com.akidb.error.InvalidInputException;
import com.akidb.query.Expression;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import com.akidb.query.Select;
import com.akidb.query.Sort;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Engines do what they say they can, and refuse the rest. */
public abstract class CapabilityContract extends TableEngineContract {

    private void check(Capability capability, ThrowingCallable use) {
        if (engine.capabilities().contains(capability)) {
            try {
                use.call();
            } catch (Throwable e) {
                throw new AssertionError("It says that it can do " + capability, e);
            }
        } else {
            assertThatThrownBy(use).as("%s", capability).isInstanceOf(InvalidInputException.class);
        }
    }

    @Test
    void doesWhatItSaysItCanAndRefusesTheRest() {
        Table table = engine.create(Fixtures.documents("t"));
        Table other = engine.create(Fixtures.documents("other"));
        put(table, "a", "text", 1, 0);
        check(
                Capability.UNIQUE_COLUMNS,
                () -> engine.alter(
                        table.id(),
                        new Alteration.AddColumn(
                                Column.of("one", ColumnType.INT, false).asUnique(), null)));
        Predicate none = new Predicate.Compare(FieldPath.column("text"), Predicate.Operator.EQUAL, "none");
        Mutation where = new Mutation.Delete(new RowSelection.Where(none));
        check(Capability.CONDITIONAL_WRITES, () -> Fixtures.done(engine.write(table.id(), where)));
        Mutation delete = new Mutation.Delete(RowSelection.keys("nobody"));
        check(
                Capability.SEVERAL_TABLES,
                () -> Fixtures.done(engine.write(
                                List.of(new TableMutation(table.id(), delete), new TableMutation(other.id(), delete)))
                        .thenApply(List::getFirst)));
        check(
                Capability.ORDER,
                () -> engine.reader(table.id())
                        .query(new RowQuery(
                                null, List.of(new Sort(FieldPath.column("text"), true)), null, 0, 10, 1 << 20, false)));
        check(
                Capability.GROUPS,
                () -> engine.reader(table.id())
                        .groups(new GroupQuery(null, List.of(FieldPath.column("text")), true, 10)));
        check(Capability.SELECTS, () -> {
            Select one = new Select(
                    false,
                    List.of(new Select.Item("one", new Expression.Constant(1L))),
                    List.of(),
                    null,
                    List.of(),
                    null,
                    List.of(),
                    -1,
                    0);
            engine.select(
                    new SelectRequest(one, List.of(), List.of(), 10, 1 << 20, Duration.ofSeconds(30), () -> false));
        });
    }

    @Test
    void saysAtLeastToStartAnewIfItKnowsNoChanges() {
        Table table = engine.create(Fixtures.documents("t"));
        Place before = Place.after(engine.version());
        put(table, "a", "text", 1, 0);
        assertThat(engine.reader(table.id()).changes(before, 10, false))
                .isInstanceOf(
                        engine.capabilities().contains(Capability.CHANGES)
                                ? Changes.Page.class
                                : Changes.StartAnew.class);
    }
}
