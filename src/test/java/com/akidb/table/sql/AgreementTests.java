package com.akidb.table.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.Fixtures;
import com.akidb.engine.Mutation;
import com.akidb.engine.OnConflict;
import com.akidb.engine.RowQuery;
import com.akidb.engine.Table;
import com.akidb.engine.TableDefinition;
import com.akidb.engine.VectorSearch;
import com.akidb.error.AkidbException;
import com.akidb.query.Evaluator;
import com.akidb.query.FieldPath;
import com.akidb.query.FilterParser;
import com.akidb.query.Kind;
import com.akidb.query.Predicate;
import com.akidb.query.Predicates;
import com.akidb.query.SelectReader;
import com.akidb.query.Sort;
import com.akidb.query.WhereTextParser;
import com.akidb.table.ColumnFacts;
import com.akidb.table.TableSchema;
import com.akidb.vector.Metric;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/**
 * Conditions and expressions mean the same wherever they are written and whoever computes them. A certain run with
 * {@code -Dakidb.test.seed=...}.
 */
class AgreementTests extends SqlFixture {

    private static final int ROWS = 120;
    private static final List<String> TEXTS = List.of(
            "",
            "a",
            "b",
            "A",
            "ab",
            "a%b",
            "a_b",
            "a\\b",
            "a\0b",
            "\uD83D\uDE00",
            "\uE000",
            "\uDBFF\uDFFF",
            "1",
            "-2.5",
            "12abc",
            "true",
            "  x ",
            "é",
            "2026-01-01T12:00:00Z",
            "[1]");
    private static final List<Long> WHOLES =
            List.of(0L, 1L, -1L, 2L, -3L, 7L, 1L << 53, (1L << 53) + 1, Long.MAX_VALUE, Long.MIN_VALUE + 1);
    private static final List<Double> REALS =
            List.of(0.0, 1.0, -1.0, 0.5, -2.5, 7.25, 9007199254740992.0, 0x1p63, 1e300, -1e300, 1e-7);
    private static final List<Instant> TIMES = List.of(
            Instant.EPOCH,
            Instant.parse("1969-12-31T23:59:59.999999Z"),
            Instant.parse("2026-01-01T12:00:00.000001Z"),
            Instant.parse("2026-01-01T12:00:00Z"));
    private static final List<String> PATTERNS =
            List.of("%", "_", "a%", "%b", "a_b", "a\\%b", "a\\\\b", "__", "", "%a%b%", "_%_", "\uDBFF\uDFFF%");
    private static final List<String> PLACES = List.of("json", "json.a", "json.b.c", "json.\"k.d\"", "json.tags");

    private static Table all;

    private final long seed = Long.getLong("akidb.test.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private static final JsonMapper MAPPER = new JsonMapper();

    @BeforeAll
    static void fill() {
        all = engine.create(new TableDefinition(
                "all_kinds",
                List.of(
                        Column.of("n", ColumnType.INT, true),
                        Column.of("text", ColumnType.STRING, false),
                        Column.of("int", ColumnType.INT, false),
                        Column.of("real", ColumnType.FLOAT, false),
                        Column.of("flag", ColumnType.BOOL, false),
                        Column.of("time", ColumnType.TIMESTAMP, false),
                        Column.of("json", ColumnType.JSON, false),
                        Column.vector("v", 2, Metric.COSINE)),
                "n",
                Map.of(ColumnFacts.KIND, ColumnFacts.TABLE)));
        AgreementTests values = new AgreementTests();
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (long n = 0; n < ROWS; n++) {
            rows.add(Arrays.asList(
                    n,
                    values.maybe(TEXTS),
                    values.maybe(WHOLES),
                    values.maybe(REALS),
                    values.maybe(List.of(true, false)),
                    values.maybe(TIMES),
                    values.random.nextInt(8) == 0 ? null : values.json(3),
                    new float[] {1, n}));
        }
        Fixtures.done(engine.write(all.id(), new Mutation.Insert(rows, OnConflict.ERROR)));
    }

    private <T> @Nullable T maybe(List<T> values) {
        return random.nextInt(5) == 0 ? null : pick(values);
    }

    private <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private String json(int depth) {
        return switch (random.nextInt(depth > 0 ? 9 : 6)) {
            case 0 -> "null";
            case 1 -> MAPPER.writeValueAsString(pick(TEXTS));
            case 2 -> pick(WHOLES).toString();
            case 3 -> pick(REALS).toString();
            case 4 -> String.valueOf(random.nextBoolean());
            case 5 -> "18446744073709551616";
            case 6 ->
                IntStream.range(0, random.nextInt(4))
                        .mapToObj(i -> json(random.nextInt(2)))
                        .collect(Collectors.joining(", ", "[", "]"));
            default ->
                List.of("a", "b", "c", "k.d", "tags").stream()
                        .filter(key -> random.nextInt(4) > 0)
                        .map(key -> MAPPER.writeValueAsString(key) + ": " + json(depth - 1))
                        .collect(Collectors.joining(", ", "{", "}"));
        };
    }

    @Test
    void expressionsGiveTheSameInSqlAsTheEvaluatorSays() {
        int computed = 0;
        for (int round = 0; round < 1_500; round++) {
            String expression = expression(pick(List.of(Kind.values())), 3);
            String about = "-Dakidb.test.seed=" + seed + " " + expression;
            List<@Nullable Object> bySql =
                    outcome(() -> firsts(rows("select " + expression + " from all_kinds order by n")));
            List<@Nullable Object> byEvaluator = outcome(() -> firsts(evaluated(expression)));
            assertThat(bySql.size()).as(about + bySql + byEvaluator).isEqualTo(byEvaluator.size());
            for (int i = 0; i < bySql.size(); i++) {
                boolean same = bySql.get(i) instanceof Double a && byEvaluator.get(i) instanceof Double b
                        ? a.doubleValue() == b
                        : java.util.Objects.equals(bySql.get(i), byEvaluator.get(i));
                assertThat(same)
                        .as("%s: row %s is %s in SQL, %s by the evaluator", about, i, bySql.get(i), byEvaluator.get(i))
                        .isTrue();
            }
            computed += bySql.isEmpty() ? 0 : 1;
        }
        assertThat(computed).as("seed %s", seed).isGreaterThan(1_000);
    }

    /** The values; none if it is refused or cannot be computed. */
    private static List<@Nullable Object> outcome(Supplier<List<@Nullable Object>> run) {
        try {
            return run.get();
        } catch (AkidbException e) {
            assertThat(e).isNotInstanceOf(com.akidb.error.InternalException.class);
            return List.of();
        }
    }

    private static List<@Nullable Object> firsts(List<List<@Nullable Object>> rows) {
        List<@Nullable Object> firsts = new ArrayList<>();
        rows.forEach(row -> firsts.add(row.getFirst()));
        return firsts;
    }

    private static List<List<@Nullable Object>> evaluated(String expression) {
        RowQuery.Computed computed =
                new RowQuery.Computed("x", SelectReader.expression(expression, new TableSchema(all).named(), "x"));
        List<Sort> order = List.of(new Sort(FieldPath.column("n"), false));
        return engine.reader(all.id())
                .query(new RowQuery(null, order, null, 0, ROWS, Long.MAX_VALUE, false, List.of(computed)))
                .computed();
    }

    private String expression(Kind kind, int depth) {
        return switch (kind) {
            case NUMBER -> number(depth);
            case STRING -> string(depth);
            case BOOL -> condition(depth);
            case TIMESTAMP -> time(depth);
            case JSON, VECTOR, ANY -> any(depth);
        };
    }

    private String number(int depth) {
        return switch (random.nextInt(depth > 0 ? 15 : 4)) {
            case 0 -> "int";
            case 1 -> "real";
            case 2 -> pick(WHOLES).toString();
            case 3 -> pick(REALS).toString();
            case 4, 5 ->
                "(" + number(depth - 1) + pick(List.of("+", "-", "*", "/", "%")) + " " + number(depth - 1) + ")";
            case 6 -> "- (" + number(depth - 1) + ")";
            case 7 -> "abs(" + number(depth - 1) + ")";
            case 8 -> "round(" + number(depth - 1) + pick(List.of("", ", 1", ", 0", ", 5")) + ")";
            case 9 -> "length(" + string(depth - 1) + ")";
            case 10 -> "instr(" + string(depth - 1) + ", " + string(depth - 1) + ")";
            case 11 -> choice(Kind.NUMBER, depth);
            case 12 ->
                "cast(" + expression(pick(List.of(Kind.values())), depth - 1) + " as "
                        + pick(List.of("int", "float", "bigint", "real")) + ")";
            case 13 -> "(" + any(depth - 1) + pick(List.of(" + ", " * ")) + number(depth - 1) + ")";
            default -> "length(" + any(depth - 1) + ")";
        };
    }

    private String string(int depth) {
        return switch (random.nextInt(depth > 0 ? 10 : 3)) {
            case 0, 1 -> "text";
            case 2 -> literal(pick(TEXTS));
            case 3 -> pick(List.of("upper", "lower", "trim", "ltrim", "rtrim")) + "(" + string(depth - 1) + ")";
            case 4 ->
                "(" + string(depth - 1) + " || " + pick(List.of(string(depth - 1), number(depth - 1), any(depth - 1)))
                        + ")";
            case 5 ->
                "substr(" + string(depth - 1) + ", " + random.nextInt(-4, 5)
                        + (random.nextBoolean() ? "" : ", " + random.nextInt(-4, 5)) + ")";
            case 6 -> choice(Kind.STRING, depth);
            case 7 -> "cast(" + expression(pick(List.of(Kind.values())), depth - 1) + " as text)";
            case 8 -> "trim(" + string(depth - 1) + ", " + string(0) + ")";
            default -> "lower(" + any(depth - 1) + ")";
        };
    }

    private String time(int depth) {
        return depth > 0 && random.nextInt(3) == 0 ? choice(Kind.TIMESTAMP, depth) : "time";
    }

    private String any(int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 5)) {
            case 5 -> "coalesce(" + pick(PLACES) + ", " + expression(pick(List.of(Kind.values())), depth - 1) + ")";
            case 6 ->
                "case when " + condition(depth - 1) + " then " + expression(pick(List.of(Kind.values())), depth - 1)
                        + " else " + expression(pick(List.of(Kind.values())), depth - 1) + " end";
            case 7 ->
                pick(List.of("min", "max")) + "(" + pick(PLACES) + ", "
                        + expression(pick(List.of(Kind.values())), depth - 1) + ")";
            default -> pick(PLACES);
        };
    }

    private String choice(Kind kind, int depth) {
        String one = expression(kind, depth - 1);
        String other = expression(kind, depth - 1);
        return switch (random.nextInt(6)) {
            case 0 -> "coalesce(" + one + ", " + other + ")";
            case 1 -> "ifnull(" + one + ", " + other + ")";
            case 2 -> "nullif(" + one + ", " + other + ")";
            case 3 -> pick(List.of("min", "max")) + "(" + one + ", " + other + ")";
            case 4 -> "case when " + condition(depth - 1) + " then " + one + " else " + other + " end";
            default -> {
                Kind switched = pick(List.of(Kind.NUMBER, Kind.STRING, Kind.ANY));
                yield "case " + expression(switched, depth - 1) + " when " + expression(switched, depth - 1) + " then "
                        + one + " when " + expression(switched, depth - 1) + " then " + other + " end";
            }
        };
    }

    private String condition(int depth) {
        if (depth == 0) {
            return pick(
                    List.of("flag", "flag = true", "int > 0", "text <> 'a'", "json.a is null", "json.tags contains 1"));
        }
        Kind kind = pick(List.of(Kind.NUMBER, Kind.STRING, Kind.TIMESTAMP, Kind.ANY));
        String left = expression(kind, depth - 1);
        String right = expression(random.nextInt(4) == 0 ? Kind.ANY : kind, depth - 1);
        String not = random.nextBoolean() ? " not" : "";
        return switch (random.nextInt(12)) {
            case 0 -> "(" + condition(depth - 1) + " and " + condition(depth - 1) + ")";
            case 1 -> "(" + condition(depth - 1) + " or " + condition(depth - 1) + ")";
            case 2 -> "(not " + condition(depth - 1) + ")";
            case 3, 4 -> "(" + left + pick(List.of(" = ", " <> ")) + right + ")";
            case 5, 6 -> "(" + left + pick(List.of(" < ", " <= ", " > ", " >= ")) + right + ")";
            case 7 -> "(" + left + not + " between " + right + " and " + expression(kind, depth - 1) + ")";
            case 8 -> "(" + left + not + " in (" + right + ", " + expression(kind, depth - 1) + ", null)" + ")";
            case 9 ->
                "(" + pick(List.of(string(depth - 1), any(depth - 1))) + not + " like " + literal(pick(PATTERNS)) + ")";
            case 10 -> "(" + left + " is" + not + " null)";
            default ->
                "(" + any(depth - 1) + not + " contains " + pick(List.of("", "any ", "all ")) + "(" + right + "))";
        };
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    @Test
    void conditionsLetTheSameRowsPassInEveryForm() {
        TableSchema schema = new TableSchema(all);
        for (int round = 0; round < 400; round++) {
            Predicate predicate = predicate(3);
            String about = "-Dakidb.test.seed=" + seed + " " + predicate;
            String text = text(predicate);
            List<Long> expected = passing(schema, predicate);

            assertThat(WhereTextParser.parse(text, List.of(), "where", schema.fields()))
                    .as(about)
                    .isEqualTo(predicate);
            assertThat(FilterParser.parse(MAPPER.readTree(clauses(predicate)), "where", schema.fields()))
                    .as(about)
                    .isEqualTo(predicate);
            assertThat(byQuery(predicate)).as(about).isEqualTo(expected);
            assertThat(byBits(predicate)).as(about).isEqualTo(expected);
            assertThat(firsts(rows("select n from all_kinds where " + text + " order by n")))
                    .as(about + " " + text)
                    .isEqualTo(expected);
            assertThat(numbers(firsts(rows("select " + text + " from all_kinds order by n"))))
                    .as(about + " " + text)
                    .isEqualTo(expected);
            assertThat(numbers(firsts(evaluated(text.length() < 1_000 ? text : "n < 0"))))
                    .as(about + " " + text)
                    .isEqualTo(text.length() < 1_000 ? expected : List.of());
        }
    }

    private static List<Long> numbers(List<@Nullable Object> truths) {
        return IntStream.range(0, truths.size())
                .filter(i -> Boolean.TRUE.equals(truths.get(i)))
                .mapToObj(i -> (long) i)
                .toList();
    }

    private static List<Long> passing(TableSchema schema, Predicate predicate) {
        var condition = Predicates.expression(predicate, field -> kind(schema, field));
        List<Long> passing = new ArrayList<>();
        engine.reader(all.id())
                .query(new RowQuery(null, List.of(), null, 0, ROWS, Long.MAX_VALUE, false))
                .rows()
                .forEach(row -> {
                    Evaluator evaluator = new Evaluator(column -> row.values().get(schema.position(column.column())));
                    if (Boolean.TRUE.equals(evaluator.evaluate(condition))) {
                        passing.add((Long) row.values().getFirst());
                    }
                });
        Collections.sort(passing, null);
        return passing;
    }

    private static Kind kind(TableSchema schema, FieldPath field) {
        boolean json = schema.column(field.column(), "x").type() == ColumnType.JSON;
        return !field.path().isEmpty() || !json ? Kind.ANY : Kind.JSON;
    }

    private static List<@Nullable Object> byQuery(Predicate predicate) {
        List<Sort> order = List.of(new Sort(FieldPath.column("n"), false));
        List<@Nullable Object> found = new ArrayList<>();
        engine.reader(all.id())
                .query(new RowQuery(predicate, order, null, 0, ROWS, Long.MAX_VALUE, false))
                .rows()
                .forEach(row -> found.add(row.values().getFirst()));
        return found;
    }

    private static List<Object> byBits(Predicate predicate) {
        VectorSearch search = new VectorSearch("v", new float[] {1, 0}, ROWS, predicate, null, false, false);
        return engine.reader(all.id()).search(search).hits().stream()
                .map(hit -> hit.row().values().getFirst())
                .sorted()
                .collect(Collectors.toList());
    }

    private Predicate predicate(int depth) {
        return switch (random.nextInt(depth > 0 ? 9 : 6)) {
            case 6, 7 -> {
                List<Predicate> terms = List.of(predicate(depth - 1), predicate(depth - 1));
                yield random.nextBoolean() ? new Predicate.And(terms) : new Predicate.Or(terms);
            }
            case 8 -> new Predicate.Not(predicate(depth - 1));
            default -> leaf();
        };
    }

    private Predicate leaf() {
        FieldPath field = pick(List.of(
                FieldPath.column("text"),
                FieldPath.column("int"),
                FieldPath.column("real"),
                FieldPath.column("flag"),
                FieldPath.column("time"),
                FieldPath.column("json"),
                new FieldPath("json", List.of("a")),
                new FieldPath("json", List.of("b", "c")),
                new FieldPath("json", List.of("k.d")),
                new FieldPath("json", List.of("tags"))));
        boolean json = field.column().equals("json");
        int form = random.nextInt(6);
        if (form == 0) {
            return new Predicate.IsNull(field);
        }
        if (form == 1 && (json || field.column().equals("text"))) {
            return new Predicate.Like(field, pick(PATTERNS));
        }
        if (form == 2 && json) {
            return new Predicate.Contains(
                    field, pick(List.of(Predicate.Quantifier.values())), List.of(constant(field), constant(field)));
        }
        if (form == 3) {
            return new Predicate.In(field, List.of(constant(field), constant(field), constant(field)));
        }
        Object constant = constant(field);
        boolean ordered = !(constant instanceof Boolean);
        return new Predicate.Compare(field, Predicate.Operator.values()[random.nextInt(ordered ? 6 : 2)], constant);
    }

    private Object constant(FieldPath field) {
        return switch (field.column()) {
            case "text" -> pick(TEXTS);
            case "int", "real" -> random.nextBoolean() ? pick(WHOLES) : pick(REALS);
            case "flag" -> random.nextBoolean();
            case "time" -> pick(TIMES);
            default -> pick(List.of(pick(TEXTS), pick(WHOLES), pick(REALS), random.nextBoolean()));
        };
    }

    private static String text(Predicate predicate) {
        return switch (predicate) {
            case Predicate.And(List<Predicate> terms) -> joined(terms, " and ");
            case Predicate.Or(List<Predicate> terms) -> joined(terms, " or ");
            case Predicate.Not(Predicate term) -> "not (" + text(term) + ")";
            case Predicate.Compare(FieldPath field, Predicate.Operator operator, Object value) ->
                name(field) + sign(operator) + constant(value);
            case Predicate.In(FieldPath field, List<Object> values) -> name(field) + " in " + constants(values);
            case Predicate.Like(FieldPath field, String pattern) -> name(field) + " like " + literal(pattern);
            case Predicate.Contains(FieldPath field, Predicate.Quantifier quantifier, List<Object> values) ->
                name(field) + " contains " + quantifier.name().toLowerCase(Locale.ROOT) + " " + constants(values);
            case Predicate.IsNull(FieldPath field) -> name(field) + " is null";
        };
    }

    private static String joined(List<Predicate> terms, String word) {
        return terms.stream().map(term -> "(" + text(term) + ")").collect(Collectors.joining(word));
    }

    private static String sign(Predicate.Operator operator) {
        return List.of(" = ", " != ", " < ", " <= ", " > ", " >= ").get(operator.ordinal());
    }

    private static String name(FieldPath field) {
        return field.column()
                + field.path().stream().map(key -> ".\"" + key + "\"").collect(Collectors.joining());
    }

    private static String constants(List<Object> values) {
        return values.stream().map(AgreementTests::constant).collect(Collectors.joining(", ", "(", ")"));
    }

    private static String constant(Object value) {
        return value instanceof String || value instanceof Instant ? literal(value.toString()) : value.toString();
    }

    private static String clauses(Predicate predicate) {
        return switch (predicate) {
            case Predicate.And(List<Predicate> terms) -> list("and", terms);
            case Predicate.Or(List<Predicate> terms) -> list("or", terms);
            case Predicate.Not(Predicate term) -> "{\"not\": " + clauses(term) + "}";
            case Predicate.Compare(FieldPath field, Predicate.Operator operator, Object value) ->
                clause(field, sign(operator).strip(), value);
            case Predicate.In(FieldPath field, List<Object> values) -> clause(field, "in", values);
            case Predicate.Like(FieldPath field, String pattern) -> clause(field, "like", pattern);
            case Predicate.Contains(FieldPath field, Predicate.Quantifier quantifier, List<Object> values) ->
                clause(field, "contains " + quantifier.name().toLowerCase(Locale.ROOT), values);
            case Predicate.IsNull(FieldPath field) -> clause(field, "is null", null);
        };
    }

    private static String list(String word, List<Predicate> terms) {
        return "{\"" + word + "\": "
                + terms.stream().map(AgreementTests::clauses).collect(Collectors.joining(", ", "[", "]")) + "}";
    }

    private static String clause(FieldPath field, String operator, @Nullable Object value) {
        String column = field.column()
                + field.path().stream()
                        .map(key -> "." + key.replace(".", "\\."))
                        .collect(Collectors.joining());
        Object written = value instanceof Instant ? value.toString() : value;
        return "{\"column\": " + MAPPER.writeValueAsString(column) + ", \"operator\": \"" + operator + "\", \"value\": "
                + MAPPER.writeValueAsString(
                        value instanceof List<?> list
                                ? list.stream()
                                        .map(each -> each instanceof Instant ? each.toString() : each)
                                        .toList()
                                : written)
                + "}";
    }
}
