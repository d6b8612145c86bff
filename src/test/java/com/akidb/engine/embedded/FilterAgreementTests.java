package com.akidb.engine.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.Fixtures;
import com.akidb.engine.Mutation;
import com.akidb.engine.NaiveFilter;
import com.akidb.engine.OnConflict;
import com.akidb.engine.Row;
import com.akidb.engine.RowQuery;
import com.akidb.engine.RowSelection;
import com.akidb.engine.Table;
import com.akidb.engine.TableDefinition;
import com.akidb.engine.VectorSearch;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import com.akidb.query.Predicate.Operator;
import com.akidb.vector.Metric;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * One predicate lets the same rows pass as SQL, as bits in memory, and as its description has it. A certain run with
 * {@code -Dakidb.filter.seed=...}.
 */
class FilterAgreementTests {

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
            "\0",
            "\uD83D\uDE00",
            "\uFFFD",
            "\uD7FF",
            "\uE000",
            "\uDBFF\uDFFF",
            "a\uDBFF\uDFFF\uDBFF\uDFFFz",
            "1",
            "true",
            "e\u0301",
            "\u00e9");
    private static final List<Long> WHOLES = List.of(
            0L,
            1L,
            -1L,
            2L,
            -3L,
            1L << 53,
            (1L << 53) + 1,
            (1L << 53) - 1,
            -(1L << 53) - 1,
            Long.MAX_VALUE,
            Long.MAX_VALUE - 1,
            Long.MIN_VALUE);
    private static final List<Double> REALS = List.of(
            0.0,
            -0.0,
            1.0,
            -1.0,
            0.5,
            -2.5,
            9007199254740992.0,
            9007199254740994.0,
            0x1p63,
            -0x1p63,
            1e300,
            -1e300,
            Double.MIN_VALUE);
    private static final List<Instant> TIMES = List.of(
            Instant.EPOCH,
            Instant.parse("1969-12-31T23:59:59.999999Z"),
            Instant.parse("2026-01-01T12:00:00.000001Z"),
            Instant.parse("2026-01-01T12:00:00Z"));
    private static final List<FieldPath> FIELDS = List.of(
            FieldPath.column("text"),
            FieldPath.column("whole"),
            FieldPath.column("real"),
            FieldPath.column("flag"),
            FieldPath.column("time"),
            FieldPath.VERSION,
            FieldPath.CHANGED_AT,
            FieldPath.column("json"),
            new FieldPath("json", List.of("a")),
            new FieldPath("json", List.of("b", "c")),
            new FieldPath("json", List.of("it's \"a\"", "")));
    private static final List<String> PATTERNS = List.of(
            "%",
            "_",
            "a%",
            "%b",
            "a_b",
            "a\\%b",
            "a\\_b",
            "a\\\\b",
            "A%",
            "__",
            "",
            "%\0%",
            "a\uDBFF\uDFFF%",
            "\uDBFF\uDFFF%",
            "\uD7FF%",
            "\uD83D\uDE00",
            "%a%b%");

    private final long seed = Long.getLong("akidb.filter.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final JsonMapper mapper = new JsonMapper();
    private final Map<String, Map<String, @Nullable Object>> rows = new HashMap<>();

    @TempDir
    Path directory;

    @Test
    void letsTheSameRowsPassInEveryForm() {
        try (EmbeddedTableEngine engine = Engines.open(directory)) {
            Table table = engine.create(new TableDefinition(
                    "t",
                    List.of(
                            Column.of("id", ColumnType.STRING, true),
                            Column.of("text", ColumnType.STRING, false),
                            Column.of("whole", ColumnType.INT, false),
                            Column.of("real", ColumnType.FLOAT, false),
                            Column.of("flag", ColumnType.BOOL, false),
                            Column.of("time", ColumnType.TIMESTAMP, false),
                            Column.of("json", ColumnType.JSON, false),
                            Column.vector("vector", 2, Metric.COSINE)),
                    "id",
                    Map.of()));
            for (int round = 0; round < 1_000; round++) {
                if (round % 100 == 0) {
                    change(engine, table);
                }
                Predicate predicate = predicate(4);
                List<String> expected = rows.keySet().stream()
                        .filter(id -> new NaiveFilter(path -> value(id, path)).passes(predicate))
                        .sorted()
                        .toList();
                String seen = "-Dakidb.filter.seed=" + seed + " " + predicate;
                assertThat(bySql(engine, table, predicate)).as(seen).isEqualTo(expected);
                assertThat(engine.reader(table.id()).count(predicate)).as(seen).isEqualTo(expected.size());
                assertThat(byBits(engine, table, predicate)).as(seen).isEqualTo(expected);
            }
        }
    }

    private void change(EmbeddedTableEngine engine, Table table) {
        List<List<@Nullable Object>> inserted = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            String id = "k" + random.nextInt(200);
            Object json = random.nextInt(8) == 0 ? null : json(3);
            Map<String, @Nullable Object> row = new HashMap<>();
            row.put("text", pick(TEXTS));
            row.put("whole", pick(WHOLES));
            row.put("real", pick(REALS));
            row.put("flag", random.nextInt(4) == 0 ? null : random.nextBoolean());
            row.put("time", pick(TIMES));
            row.put("json", json);
            rows.put(id, row);
            inserted.add(Arrays.asList(
                    id,
                    row.get("text"),
                    row.get("whole"),
                    row.get("real"),
                    row.get("flag"),
                    row.get("time"),
                    json == null && random.nextBoolean() ? null : mapper.writeValueAsString(json),
                    random.nextInt(3) == 0 ? null : new float[] {1, 0}));
        }
        Fixtures.done(engine.write(table.id(), new Mutation.Insert(inserted, OnConflict.REPLACE)));
        // Rows that get a vector only now keep their place in memory, and are of another commit all the same.
        for (List<@Nullable Object> row : inserted) {
            if (row.getLast() == null) {
                RowSelection key = RowSelection.keys(String.valueOf(row.getFirst()));
                Fixtures.done(engine.write(table.id(), new Mutation.Update(key, Map.of("vector", new float[] {1, 0}))));
            }
        }
        for (Row row : engine.reader(table.id()).list(0, 1_000, false).rows()) {
            Map<String, @Nullable Object> values = Objects.requireNonNull(rows.get(id(row)));
            values.put(FieldPath.VERSION.column(), row.version());
            values.put(FieldPath.CHANGED_AT.column(), row.changedAt());
        }
        Predicate some = predicate(2);
        Fixtures.done(engine.write(table.id(), new Mutation.Delete(new RowSelection.Where(some))));
        rows.keySet().removeIf(id -> new NaiveFilter(path -> value(id, path)).passes(some));
    }

    private <T> @Nullable T pick(List<T> values) {
        return random.nextInt(4) == 0 ? null : values.get(random.nextInt(values.size()));
    }

    private @Nullable Object json(int depth) {
        return switch (random.nextInt(depth > 0 ? 9 : 6)) {
            case 0 -> null;
            case 1 -> pick(TEXTS);
            case 2 -> pick(WHOLES);
            case 3 -> pick(REALS);
            case 4 -> random.nextBoolean();
            case 5 -> BigInteger.TWO.pow(64);
            case 6 -> Arrays.asList(json(0), json(0));
            default -> {
                Map<String, @Nullable Object> object = new LinkedHashMap<>();
                for (String key : List.of("a", "b", "c", "it's \"a\"", "")) {
                    if (random.nextInt(3) > 0) {
                        object.put(key, json(depth - 1));
                    }
                }
                yield object;
            }
        };
    }

    private @Nullable Object value(String id, FieldPath path) {
        Object value = NaiveFilter.at(Objects.requireNonNull(rows.get(id)).get(path.column()), path.path());
        return value instanceof BigInteger big ? (Object) big.doubleValue() : value;
    }

    private Predicate predicate(int depth) {
        FieldPath field = FIELDS.get(random.nextInt(FIELDS.size()));
        return switch (random.nextInt(depth > 0 ? 9 : 5)) {
            case 0 -> new Predicate.IsNull(field);
            case 1 -> new Predicate.Like(field, PATTERNS.get(random.nextInt(PATTERNS.size())));
            case 2 -> new Predicate.In(field, List.of(list(random.nextInt(5))));
            case 3 -> {
                Operator operator = Operator.values()[random.nextInt(Operator.values().length)];
                yield new Predicate.Compare(field, operator, constant());
            }
            case 4 ->
                new Predicate.Contains(
                        field, Predicate.Quantifier.values()[random.nextInt(2)], List.of(list(random.nextInt(4))));
            case 5, 6 -> new Predicate.And(List.of(terms(depth)));
            case 7 -> new Predicate.Or(List.of(terms(depth)));
            default -> new Predicate.Not(predicate(depth - 1));
        };
    }

    private Predicate[] terms(int depth) {
        Predicate[] terms = new Predicate[random.nextInt(4)];
        Arrays.setAll(terms, i -> predicate(depth - 1));
        return terms;
    }

    private Object[] list(int size) {
        Object[] values = new Object[size];
        Arrays.setAll(values, i -> constant());
        return values;
    }

    private Object constant() {
        if (random.nextInt(8) == 0) {
            return commits().get(random.nextInt(commits().size()));
        }
        List<?> kind =
                List.of(TEXTS, WHOLES, REALS, TIMES, List.of(true, false)).get(random.nextInt(5));
        return kind.get(random.nextInt(kind.size()));
    }

    /** The versions of rows and the times of their changes; a version that no row has, if there is none. */
    private List<Object> commits() {
        List<Object> found = new ArrayList<>(List.of(1L));
        rows.values().forEach(row -> {
            for (FieldPath field : List.of(FieldPath.VERSION, FieldPath.CHANGED_AT)) {
                Object value = row.get(field.column());
                if (value != null) {
                    found.add(value);
                }
            }
        });
        return found;
    }

    private static List<String> bySql(EmbeddedTableEngine engine, Table table, Predicate predicate) {
        RowQuery query = new RowQuery(predicate, List.of(), null, 0, 10_000, Long.MAX_VALUE, false);
        return engine.reader(table.id()).query(query).rows().stream()
                .map(FilterAgreementTests::id)
                .sorted()
                .toList();
    }

    private static List<String> byBits(EmbeddedTableEngine engine, Table table, Predicate predicate) {
        VectorSearch search = new VectorSearch("vector", new float[] {1, 0}, 1_000, predicate, null, false, false);
        return engine.reader(table.id()).search(search).hits().stream()
                .map(hit -> id(hit.row()))
                .sorted()
                .toList();
    }

    private static String id(Row row) {
        return String.valueOf(row.values().getFirst());
    }
}
