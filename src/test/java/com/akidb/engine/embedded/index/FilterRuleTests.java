package com.akidb.engine.embedded.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.error.InvalidInputException;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import com.akidb.query.Predicate.Operator;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Rules of filters one by one. */
class FilterRuleTests extends FilterFixture {

    @Test
    void comparesTimes() {
        MemoryTable table = table();
        Instant noon = Instant.parse("2026-01-01T12:00:00.000001Z");
        for (int i = -1; i <= 1; i++) {
            table.commit(List.of(table.row(ANY, null, null, null, null, noon.plusSeconds(i), null)));
        }
        FieldPath time = FieldPath.column("time");
        try (TableIndex index = indexes.open(table.layout(), UUID.randomUUID(), table)) {
            assertThat(found(index, new Predicate.Compare(time, Operator.EQUAL, noon)))
                    .containsExactly(2L);
            assertThat(found(index, new Predicate.Compare(time, Operator.GREATER_OR_EQUAL, noon)))
                    .containsExactly(2L, 3L);
            assertThat(found(index, new Predicate.Not(new Predicate.Compare(time, Operator.LESS, noon))))
                    .containsExactly(2L, 3L);
            assertThat(found(index, new Predicate.Compare(time, Operator.EQUAL, "2026-01-01")))
                    .isEmpty();
        }
    }

    @Test
    void takesTheLastOfEqualKeysAndDoesNotLeadIntoArrays() {
        MemoryTable table = table();
        table.commit(List.of(
                table.row(ANY, null, null, null, null, null, "{\"a\":1,\"a\":\"x\",\"b\":[{\"c\":1}]}"),
                table.row(ANY, null, null, null, null, null, "{\"a\":[1,\"x\"]}")));
        try (TableIndex index = indexes.open(table.layout(), UUID.randomUUID(), table)) {
            FieldPath a = new FieldPath("json", List.of("a"));
            assertThat(found(index, new Predicate.Compare(a, Operator.EQUAL, "x")))
                    .containsExactly(1L);
            assertThat(found(index, new Predicate.Compare(a, Operator.NOT_EQUAL, "x")))
                    .containsExactly(2L);
            assertThat(found(index, new Predicate.IsNull(a))).isEmpty();
            assertThat(found(index, new Predicate.IsNull(new FieldPath("json", List.of("b", "c")))))
                    .containsExactly(1L, 2L);
        }
    }

    @Test
    void escapesInPatterns() {
        MemoryTable table = table();
        for (String text : List.of("100%", "100x", "a_b", "axb", "a\\b")) {
            table.commit(List.of(table.row(ANY, text, null, null, null, null, null)));
        }
        FieldPath text = FieldPath.column("text");
        try (TableIndex index = indexes.open(table.layout(), UUID.randomUUID(), table)) {
            assertThat(found(index, new Predicate.Like(text, "100\\%"))).containsExactly(1L);
            assertThat(found(index, new Predicate.Like(text, "a\\_b"))).containsExactly(3L);
            assertThat(found(index, new Predicate.Like(text, "a\\\\b"))).containsExactly(5L);
            assertThat(found(index, new Predicate.Like(text, "%\\"))).isEmpty();
        }
    }

    @Test
    void refusesFieldsThatCannotBeFilteredOn() {
        MemoryTable table = table();
        try (TableIndex index = indexes.open(table.layout(), UUID.randomUUID(), table)) {
            for (FieldPath field : List.of(
                    FieldPath.column("nothing"), FieldPath.column("vector"), new FieldPath("text", List.of("deep")))) {
                assertThatThrownBy(() -> found(index, new Predicate.IsNull(field)))
                        .isInstanceOf(InvalidInputException.class);
            }
        }
    }

    @Test
    void namesTheColumnsThatThereAre() {
        MemoryTable table = table();
        try (TableIndex index = indexes.open(table.layout(), UUID.randomUUID(), table)) {
            assertThatThrownBy(() -> found(index, new Predicate.IsNull(FieldPath.column("txt"))))
                    .hasMessageContaining("id, text, whole, real, flag, time, json")
                    .hasMessageContaining("did you mean 'text'?");
        }
    }

    @Test
    void isQuickOnceItsFieldsAreInMemory() {
        MemoryTable table = table();
        table.commit(rows(table));
        try (TableIndex index = indexes.open(table.layout(), UUID.randomUUID(), table)) {
            Predicate predicate = new Predicate.IsNull(FieldPath.column("text"));
            assertThat(index.isQuick(MemoryTable.query(ANY, 1), null)).isTrue();
            assertThat(index.isQuick(MemoryTable.query(ANY, 1, predicate), null))
                    .isFalse();
            index.search(MemoryTable.query(ANY, 1, predicate));
            assertThat(index.isQuick(MemoryTable.query(ANY, 1, predicate), null))
                    .isTrue();
        }
    }

    private static List<RowChange> rows(MemoryTable table) {
        return List.of(table.row(ANY, "a", 1L, 0.5, true, null, null));
    }
}
