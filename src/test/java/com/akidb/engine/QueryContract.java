package com.akidb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.error.InvalidInputException;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import com.akidb.query.Predicate.Operator;
import com.akidb.query.Sort;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How engines answer queries by scalar columns. */
public abstract class QueryContract extends TableEngineContract {

    private static final List<FieldPath> FIELDS = List.of(
            FieldPath.column("int"),
            FieldPath.column("float"),
            FieldPath.column("bool"),
            FieldPath.column("time"),
            FieldPath.column("key"),
            FieldPath.VERSION,
            FieldPath.CHANGED_AT,
            new FieldPath("json", List.of("a")));

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @Test
    void pagesThroughAnyOrderWithoutLossOrRepetition() {
        Table table = engine.create(Fixtures.everyType("t"));
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            rows.add(randomRow(i));
        }
        Fixtures.done(engine.write(table.id(), new Mutation.Insert(rows.subList(0, 80), OnConflict.ERROR)));
        Fixtures.done(engine.write(table.id(), new Mutation.Insert(rows.subList(80, 200), OnConflict.ERROR)));
        Fixtures.done(engine.write(
                table.id(), new Mutation.Update(RowSelection.keys("k7", "k90", "k3"), Map.of("bool", true))));
        List<Row> stored = engine.reader(table.id()).list(0, 1_000, false).rows();
        assertThat(stored).hasSize(rows.size());
        for (int round = 0; round < 40; round++) {
            List<Sort> order = order();
            List<Row> expected = new ArrayList<>(stored);
            expected.sort(comparator(order));
            int limit = 1 + random.nextInt(60);
            List<Row> paged = new ArrayList<>();
            RowQuery.Place after = null;
            do {
                QueryPage page = engine.reader(table.id())
                        .query(new RowQuery(null, order, after, 0, limit, Long.MAX_VALUE, false));
                paged.addAll(page.rows());
                assertThat(paged.size()).as("rows come once").isLessThanOrEqualTo(stored.size());
                after = page.next();
                assertThat(after == null || page.rows().size() == limit).isTrue();
            } while (after != null);
            assertThat(paged).as("seed %d, %s, limit %d", seed, order, limit).isEqualTo(expected);
            int offset = random.nextInt(210);
            assertThat(engine.reader(table.id())
                            .query(new RowQuery(null, order, null, offset, limit, Long.MAX_VALUE, false))
                            .rows())
                    .isEqualTo(expected.subList(
                            Math.min(offset, expected.size()), Math.min(offset + limit, expected.size())));
        }
    }

    private List<@Nullable Object> randomRow(int i) {
        String[] jsons = {
            "{\"a\":1}",
            "{\"a\":1.5}",
            "{\"a\":\"x\"}",
            "{\"a\":\"\ud83d\ude00\"}",
            "{\"a\":true}",
            "{\"a\":false}",
            "{\"a\":[1, 2]}",
            "{\"a\":{\"b\":0}}",
            "{\"a\":null}",
            "7"
        };
        return Arrays.asList(
                "k" + i,
                random.nextInt(4) == 0 ? null : (Object) (long) random.nextInt(5),
                random.nextInt(4) == 0 ? null : random.nextInt(5) / 2.0,
                random.nextInt(4) == 0 ? null : random.nextBoolean(),
                random.nextInt(4) == 0 ? null : Instant.ofEpochSecond(random.nextInt(5)),
                random.nextInt(4) == 0 ? null : jsons[random.nextInt(jsons.length)],
                null);
    }

    private List<Sort> order() {
        List<FieldPath> fields = new ArrayList<>(FIELDS);
        Collections.shuffle(fields, random);
        return IntStream.range(0, random.nextInt(4))
                .mapToObj(i -> new Sort(fields.get(i), random.nextBoolean()))
                .toList();
    }

    private static Comparator<Row> comparator(List<Sort> order) {
        Comparator<Row> comparator = (a, b) -> 0;
        for (Sort sort : order) {
            Comparator<Row> next = (a, b) -> compare(value(a, sort.field()), value(b, sort.field()));
            comparator = comparator.thenComparing(sort.descending() ? next.reversed() : next);
        }
        return comparator.thenComparing(Row::rowId);
    }

    private static @Nullable Object value(Row row, FieldPath field) {
        if (field.equals(FieldPath.VERSION)) {
            return row.version();
        }
        if (field.equals(FieldPath.CHANGED_AT)) {
            return row.changedAt();
        }
        Object value = row.values()
                .get(List.of("key", "int", "float", "bool", "time", "json").indexOf(field.column()));
        if (field.path().isEmpty() || value == null) {
            return value;
        }
        String inner = value.equals("7") ? "null" : ((String) value).substring(5, ((String) value).length() - 1);
        return switch (inner) {
            case "null" -> null;
            case "true", "false" -> Boolean.valueOf(inner);
            case "1", "1.5" -> Double.valueOf(inner);
            default -> inner.startsWith("\"") ? inner.substring(1, inner.length() - 1) : inner;
        };
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static int compare(@Nullable Object a, @Nullable Object b) {
        int kinds = Integer.compare(kind(a), kind(b));
        if (kinds != 0 || a == null) {
            return kinds;
        }
        if (a instanceof String x && b instanceof String y) {
            return Arrays.compare(x.codePoints().toArray(), y.codePoints().toArray());
        }
        return ((Comparable) a).compareTo(b);
    }

    private static int kind(@Nullable Object value) {
        return switch (value) {
            case null -> 0;
            case Number _ -> 1;
            case String _ -> 2;
            default -> 3;
        };
    }

    @Test
    void groupsAndCountsRows() {
        Table table = engine.create(Fixtures.everyType("t"));
        insert(
                table,
                OnConflict.ERROR,
                row("a", 2L, true),
                row("b", 1L, null),
                row("c", 2L, true),
                row("d", null, null));
        List<FieldPath> whole = List.of(FieldPath.column("int"));
        assertThat(engine.reader(table.id()).groups(new GroupQuery(null, whole, false, 10)))
                .containsExactly(group(1, (Object) null), group(1, 1L), group(2, 2L));
        assertThat(engine.reader(table.id()).groups(new GroupQuery(null, whole, true, 2)))
                .containsExactly(group(2, 2L), group(1, (Object) null));
        Predicate present = new Predicate.Not(new Predicate.IsNull(FieldPath.column("int")));
        assertThat(engine.reader(table.id())
                        .groups(new GroupQuery(
                                present, List.of(FieldPath.column("bool"), FieldPath.column("int")), false, 10)))
                .containsExactly(group(1, null, 1L), group(2, true, 2L));
        assertThat(engine.reader(table.id())
                        .groups(new GroupQuery(null, List.of(new FieldPath("json", List.of("n"))), false, 10)))
                .containsExactly(group(1, 1L), group(1, "[1]"), group(1, "x"), group(1, true));
        assertThat(engine.reader(table.id()).count(present)).isEqualTo(3);
        assertThat(engine.reader(table.id()).count(null)).isEqualTo(4);
    }

    private static List<@Nullable Object> row(String key, @Nullable Long whole, @Nullable Boolean flag) {
        String json = switch (key) {
            case "a" -> "{\"n\":1}";
            case "b" -> "{\"n\":[1]}";
            case "c" -> "{\"n\":\"x\"}";
            default -> "{\"n\":true}";
        };
        return Arrays.asList(key, whole, null, flag, null, json, null);
    }

    private static GroupQuery.Group group(long count, @Nullable Object... values) {
        return new GroupQuery.Group(Arrays.<@Nullable Object>asList(values), count);
    }

    @Test
    void bringsVectorsOnlyIfAsked() {
        Table table = engine.create(Fixtures.documents("t"));
        put(table, "a", "x", 1, 0);
        RowQuery with = new RowQuery(null, List.of(), null, 0, 1, Long.MAX_VALUE, true);
        assertThat((float[]) engine.reader(table.id())
                        .query(with)
                        .rows()
                        .getFirst()
                        .values()
                        .get(3))
                .containsExactly(1, 0);
        put(table, "b", "x", 0, 1);
        RowQuery small = new RowQuery(null, List.of(), null, 0, 10, 1, false);
        QueryPage page = engine.reader(table.id()).query(small);
        assertThat(page.rows()).as("a page has a row at least").hasSize(1);
        assertThat(page.next()).isNotNull();
        RowQuery without = new RowQuery(null, List.of(), null, 0, 1, Long.MAX_VALUE, false);
        assertThat(engine.reader(table.id())
                        .query(without)
                        .rows()
                        .getFirst()
                        .values()
                        .get(3))
                .isNull();
    }

    @Test
    void takesTenThousandValuesAndNestingsAHundredDeep() {
        Table table = engine.create(Fixtures.everyType("t"));
        insert(table, OnConflict.ERROR, row("a", 2L, true), row("b", 9_999L, null), row("c", null, true));
        List<Object> many = new ArrayList<>();
        for (long i = 0; i < 10_000; i++) {
            many.add(i % 2 == 0 ? "k" + i : (Object) i);
        }
        FieldPath whole = FieldPath.column("int");
        assertThat(engine.reader(table.id()).count(new Predicate.In(whole, many)))
                .isOne();
        Predicate deep = new Predicate.IsNull(whole);
        for (int i = 0; i < 100; i++) {
            Predicate inner = deep;
            deep = i % 3 == 0
                    ? new Predicate.Not(inner)
                    : i % 3 == 1
                            ? new Predicate.And(List.of(inner, new Predicate.And(List.of())))
                            : new Predicate.Or(List.of(new Predicate.Or(List.of()), inner));
        }
        assertThat(engine.reader(table.id()).count(deep)).isOne();
        List<Predicate> wide = new ArrayList<>();
        for (long i = 0; i < 1_000; i++) {
            wide.add(new Predicate.Compare(whole, Operator.NOT_EQUAL, i + 10));
        }
        assertThat(engine.reader(table.id()).count(new Predicate.And(wide))).isEqualTo(2);
        assertThat(engine.reader(table.id()).count(new Predicate.Or(wide))).isEqualTo(2);
    }

    @Test
    void saysHowAQueryWouldRunInNamesThatUsersKnow() {
        Table table = engine.create(Fixtures.everyType("t"));
        RowQuery query = new RowQuery(
                new Predicate.Compare(FieldPath.column("key"), Operator.EQUAL, "a"),
                List.of(new Sort(FieldPath.column("int"), false)),
                null,
                0,
                10,
                Long.MAX_VALUE,
                false);
        assertThat(String.join("\n", engine.reader(table.id()).explain(query)))
                .contains("'key'")
                .doesNotContain("rows_");
    }

    @Test
    void refusesQueriesThatCannotBe() {
        Table table = engine.create(Fixtures.everyType("t"));
        Predicate unknown = new Predicate.IsNull(FieldPath.column("itn"));
        Predicate vector = new Predicate.IsNull(FieldPath.column("vector"));
        Predicate deep = new Predicate.IsNull(new FieldPath("int", List.of("a")));
        for (Predicate predicate : List.of(unknown, vector, deep)) {
            assertThatThrownBy(() -> engine.reader(table.id()).count(predicate))
                    .isInstanceOf(InvalidInputException.class);
        }
        assertThatThrownBy(() -> engine.reader(table.id()).count(unknown)).hasMessageContaining("'int'");
        List<Sort> order = List.of(new Sort(FieldPath.column("int"), false));
        for (RowQuery query : List.of(
                new RowQuery(null, List.of(), null, 0, 0, Long.MAX_VALUE, false),
                new RowQuery(null, List.of(), null, 0, 10_001, Long.MAX_VALUE, false),
                new RowQuery(null, List.of(), null, -1, 10, Long.MAX_VALUE, false),
                new RowQuery(
                        null, List.of(new Sort(FieldPath.column("vector"), true)), null, 0, 10, Long.MAX_VALUE, false),
                new RowQuery(null, order, new RowQuery.Place(List.of(), 1), 0, 10, Long.MAX_VALUE, false),
                new RowQuery(null, order, new RowQuery.Place(List.of("x"), 1), 0, 10, Long.MAX_VALUE, false))) {
            assertThatThrownBy(() -> engine.reader(table.id()).query(query)).isInstanceOf(InvalidInputException.class);
        }
        assertThatThrownBy(() -> engine.reader(table.id()).groups(new GroupQuery(null, List.of(), false, 10)))
                .isInstanceOf(InvalidInputException.class);
    }
}
