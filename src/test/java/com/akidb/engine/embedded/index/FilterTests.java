package com.akidb.engine.embedded.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.engine.NaiveFilter;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import com.akidb.query.Predicate.Operator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.json.JsonMapper;

/** Filters give what their description says, whatever the rows and whenever they came. */
class FilterTests extends FilterFixture {

    private static final Object[] CONSTANTS = {
        "a",
        "b",
        "",
        "ab",
        "\uD83D\uDE00",
        "\uFFFD",
        0L,
        1L,
        -3L,
        Long.MAX_VALUE,
        (1L << 53) + 1,
        0.0,
        -0.0,
        1.0,
        0.5,
        9007199254740992.0,
        9.223372036854775807E18,
        true,
        false
    };
    private static final List<FieldPath> FIELDS = List.of(
            FieldPath.column("text"),
            FieldPath.column("whole"),
            FieldPath.column("real"),
            FieldPath.column("flag"),
            FieldPath.column("json"),
            new FieldPath("json", List.of("a")),
            new FieldPath("json", List.of("b", "c")));

    @Test
    void agreesWithTheNaiveEvaluationForRandomRowsAndPredicates() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        MemoryTable table = table();
        table.commit(randomRows(table, random, 200));
        try (TableIndex index = indexes.open(table.layout(), UUID.randomUUID(), table)) {
            for (int round = 0; round < 400; round++) {
                Predicate predicate = predicate(random, 3);
                assertThat(found(index, predicate))
                        .as("seed %d, %s", seed, predicate)
                        .containsExactlyElementsOf(expected(table, predicate));
                if (round % 10 == 0) {
                    List<RowChange> changes = randomRows(table, random, random.nextInt(70));
                    List<Long> ids = table.rowIds();
                    changes.add(MemoryTable.deleted(ids.get(random.nextInt(ids.size()))));
                    table.commit(index, changes);
                    assertThat(found(index, predicate))
                            .as("after a commit, seed %d, %s", seed, predicate)
                            .containsExactlyElementsOf(expected(table, predicate));
                }
            }
        }
    }

    @Test
    void keepsItsAnswersWhenMemoryIsShortAndColumnsComeAndGo() {
        indexes.close();
        indexes = indexes(DataSize.ofKilobytes(1));
        agreesWithTheNaiveEvaluationForRandomRowsAndPredicates();
    }

    private static List<Long> expected(MemoryTable table, Predicate predicate) {
        JsonMapper json = JsonMapper.shared();
        return table
                .search(
                        MemoryTable.query(ANY, 100_000),
                        row -> new NaiveFilter(field -> {
                                    Object value = row.get(table.definition.indexOf(field.column()));
                                    if (field.column().equals("json") && value instanceof String text) {
                                        value = NaiveFilter.at(
                                                normal(json.readValue(text, Object.class)), field.path());
                                    }
                                    return value;
                                })
                                .passes(predicate))
                .stream()
                .map(MemoryTable.Expected::rowId)
                .sorted()
                .toList();
    }

    private static @Nullable Object normal(@Nullable Object json) {
        return switch (json) {
            case Integer number -> number.longValue();
            case java.math.BigInteger number -> number.doubleValue();
            case Map<?, ?> map -> {
                Map<Object, @Nullable Object> copy = new LinkedHashMap<>();
                map.forEach((key, value) -> copy.put(key, normal(value)));
                yield copy;
            }
            case null, default -> json;
        };
    }

    private static List<RowChange> randomRows(MemoryTable table, Random random, int count) {
        List<RowChange> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(table.row(
                    ANY,
                    pick(random, String.class),
                    pick(random, Long.class),
                    pick(random, Double.class),
                    pick(random, Boolean.class),
                    null,
                    random.nextInt(5) == 0 ? null : json(random)));
        }
        return rows;
    }

    private static @Nullable Object pick(Random random, Class<?> type) {
        Object value = CONSTANTS[random.nextInt(CONSTANTS.length)];
        while (!type.isInstance(value)) {
            value = CONSTANTS[random.nextInt(CONSTANTS.length)];
        }
        return random.nextInt(4) == 0 ? null : value;
    }

    private static String json(Random random) {
        String scalar = JsonMapper.shared().writeValueAsString(CONSTANTS[random.nextInt(CONSTANTS.length)]);
        return switch (random.nextInt(7)) {
            case 0 -> scalar;
            case 1 -> "null";
            case 2 -> "{\"a\":null,\"b\":{\"c\":" + scalar + "}}";
            case 3 -> "{\"a\":[" + scalar + "],\"b\":" + scalar + "}";
            case 4 -> "{\"x\":{\"a\":1},\"a\":" + scalar + ",\"b\":{\"d\":[{}],\"c\":12345678901234567890}}";
            default -> "{\"a\":" + scalar + "}";
        };
    }

    private static Predicate predicate(Random random, int depth) {
        FieldPath field = FIELDS.get(random.nextInt(FIELDS.size()));
        Object value = CONSTANTS[random.nextInt(CONSTANTS.length)];
        return switch (random.nextInt(depth > 0 ? 9 : 6)) {
            case 0, 1, 2 ->
                new Predicate.Compare(field, Operator.values()[random.nextInt(Operator.values().length)], value);
            case 3 -> new Predicate.In(field, List.of(value, CONSTANTS[random.nextInt(CONSTANTS.length)], "a"));
            case 4 ->
                new Predicate.Like(
                        field, List.of("%", "_", "a%", "%b", "_b", "").get(random.nextInt(6)));
            case 5 -> new Predicate.IsNull(field);
            case 6 -> new Predicate.Not(predicate(random, depth - 1));
            case 7 -> new Predicate.And(terms(random, depth));
            default -> new Predicate.Or(terms(random, depth));
        };
    }

    private static List<Predicate> terms(Random random, int depth) {
        List<Predicate> terms = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            terms.add(predicate(random, depth - 1));
        }
        return terms;
    }
}
