package com.akidb.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.error.InvalidInputException;
import com.akidb.query.Predicate.And;
import com.akidb.query.Predicate.Compare;
import com.akidb.query.Predicate.Contains;
import com.akidb.query.Predicate.In;
import com.akidb.query.Predicate.IsNull;
import com.akidb.query.Predicate.Like;
import com.akidb.query.Predicate.Not;
import com.akidb.query.Predicate.Operator;
import com.akidb.query.Predicate.Or;
import com.akidb.query.Predicate.Quantifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Conditions as text against those as JSON, and against chance. */
class WhereTextFuzzTests {

    private static final FieldResolver COLUMNS = (name, field) -> FieldPath.column(name);
    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> SIGNS = List.of("=", "!=", "<", "<=", ">", ">=");
    private static final List<String> PIECES = List.of(
            "a",
            "b",
            "\"c\"\"d\"",
            "`e`",
            "a.b",
            "=",
            "<>",
            "!=",
            "<",
            "<=",
            ">",
            ">=",
            "?",
            "1",
            "-2.5",
            "1e9",
            ".",
            ",",
            "'x'",
            "'x''",
            "''",
            "(",
            ")",
            "and",
            "or",
            "not",
            "in",
            "like",
            "is",
            "null",
            "between",
            "true",
            "false",
            "select",
            "from",
            "case",
            "when",
            "then",
            "end",
            "exists",
            "cast",
            "as",
            "int",
            "interval",
            "prior",
            "escape",
            "any",
            "all",
            "over",
            "union",
            ";",
            "--",
            "/*",
            "*/",
            "*",
            "+",
            "-",
            "||",
            "::",
            "[",
            "]",
            "{",
            "}",
            ":",
            "@",
            "#",
            "$",
            "\\",
            "\0",
            "\ud800",
            "日",
            "😀",
            "N'x'",
            "$$",
            "date",
            "current_timestamp",
            "f(",
            "array",
            "\n",
            "\t");

    @Test
    void readsOrRefusesAnySequenceOfPieces() {
        long seed = Long.getLong("akidb.test.seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed);
        int read = 0;
        for (int round = 0; round < 20_000; round++) {
            String text = random.nextInt(3) == 0 ? condition(random) : pieces(random);
            try {
                WhereTextParser.parse(text, List.of(), "where", COLUMNS);
                read++;
            } catch (InvalidInputException refused) {
                assertThat(refused.field()).isPresent();
                assertThat(refused.detail())
                        .startsWith(refused.field().orElseThrow())
                        .hasSizeLessThan(1_000);
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + seed + ", round " + round + ": " + text, e);
            }
        }
        assertThat(read).as("seed %s", seed).isBetween(200, 19_000);
    }

    private static String pieces(SplittableRandom random) {
        int count = random.nextInt(1, 16);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(PIECES.get(random.nextInt(PIECES.size()))).append(random.nextInt(4) == 0 ? "" : " ");
        }
        return text.toString();
    }

    /** Mostly a condition, with a piece too many or too few now and then. */
    private static String condition(SplittableRandom random) {
        Written written = new Written(false);
        StringBuilder text = new StringBuilder(written.text(tree(random, 2)));
        if (random.nextBoolean()) {
            int at = random.nextInt(text.length() + 1);
            text.insert(at, " " + PIECES.get(random.nextInt(PIECES.size())) + " ");
        }
        return text.toString();
    }

    @Test
    void readsTheSamePredicateFromTextAndFromJson() {
        long seed = Long.getLong("akidb.test.seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 2_000; round++) {
            Predicate tree = tree(random, 4);
            Written written = new Written(random.nextBoolean());
            String text = written.text(tree);
            JsonNode json = json(tree);
            String about = "seed " + seed + ", round " + round + ": " + text;

            assertThat(WhereTextParser.parse(text, written.params, "where", COLUMNS))
                    .as(about)
                    .isEqualTo(tree);
            assertThat(FilterParser.parse(json, "where")).as(about).isEqualTo(tree);
            ObjectNode inJson = JSON.createObjectNode().put("text", text);
            inJson.set("params", JSON.valueToTree(written.params));
            assertThat(FilterParser.parse(inJson, "where")).as(about).isEqualTo(tree);
        }
    }

    private static Predicate tree(SplittableRandom random, int depth) {
        return switch (depth == 0 ? 3 + random.nextInt(5) : random.nextInt(8)) {
            case 0 -> new And(trees(random, depth));
            case 1 -> new Or(trees(random, depth));
            case 2 -> new Not(tree(random, depth - 1));
            case 3 -> {
                int operator = random.nextInt(SIGNS.size());
                Object value = value(random, operator < 2);
                yield new Compare(field(random), Operator.values()[operator], value);
            }
            case 4 -> {
                List<Object> values = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    values.add(value(random, true));
                }
                yield new In(field(random), values);
            }
            case 6 -> {
                List<Object> values = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    values.add(value(random, true));
                }
                yield new Contains(field(random), Quantifier.values()[random.nextInt(2)], values);
            }
            case 5 -> new Like(field(random), List.of("x%", "%", "a_'b", "").get(random.nextInt(4)));
            default -> new IsNull(field(random));
        };
    }

    private static List<Predicate> trees(SplittableRandom random, int depth) {
        List<Predicate> terms = new ArrayList<>();
        for (int i = random.nextInt(2, 4); i > 0; i--) {
            terms.add(tree(random, depth - 1));
        }
        return terms;
    }

    private static FieldPath field(SplittableRandom random) {
        return FieldPath.column(List.of("a", "B_2", "größe", "with space", "quo\"te", "order", "select")
                .get(random.nextInt(7)));
    }

    private static Object value(SplittableRandom random, boolean anyKind) {
        return switch (random.nextInt(anyKind ? 5 : 4)) {
            case 0 -> List.of("x", "it's", "", "日本 😀", "a -- b", "?", "\"").get(random.nextInt(7));
            case 1 -> random.nextLong();
            case 2 -> (random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(-8, 20));
            case 3 -> (long) random.nextInt(-5, 6);
            default -> random.nextBoolean();
        };
    }

    /** Writes predicates as text, with the values in place or as params. */
    private static final class Written {

        private final boolean binds;
        private final List<Object> params = new ArrayList<>();

        Written(boolean binds) {
            this.binds = binds;
        }

        String text(Predicate predicate) {
            return switch (predicate) {
                case And(List<Predicate> terms) -> joined(terms, " and ");
                case Or(List<Predicate> terms) -> joined(terms, " or ");
                case Not(In(FieldPath field, List<Object> values)) -> name(field) + " not in (" + values(values) + ")";
                case Not(Like(FieldPath field, String pattern)) -> name(field) + " not like " + value(pattern);
                case Not(Contains contains) -> contains(contains, " not");
                case Not(IsNull(FieldPath field)) -> name(field) + " is not null";
                case Not(Predicate term) -> "not (" + text(term) + ")";
                case Compare(FieldPath field, Operator operator, Object value) ->
                    name(field) + " " + SIGNS.get(operator.ordinal()) + " " + value(value);
                case In(FieldPath field, List<Object> values) -> name(field) + " in (" + values(values) + ")";
                case Like(FieldPath field, String pattern) -> name(field) + " like " + value(pattern);
                case Contains contains -> contains(contains, "");
                case IsNull(FieldPath field) -> name(field) + " is null";
            };
        }

        private String contains(Contains contains, String not) {
            String values = values(contains.values());
            String wanted = contains.quantifier() == Quantifier.ANY
                            && contains.values().size() == 1
                    ? " contains " + values
                    : " contains " + contains.quantifier().name().toLowerCase(Locale.ROOT) + " (" + values + ")";
            return name(contains.field()) + not + wanted;
        }

        private String joined(List<Predicate> terms, String word) {
            return terms.stream()
                    .map(term -> term instanceof And || term instanceof Or ? "(" + text(term) + ")" : text(term))
                    .collect(Collectors.joining(word));
        }

        private String values(List<Object> values) {
            return values.stream().map(this::value).collect(Collectors.joining(", "));
        }

        private String value(Object value) {
            if (binds) {
                params.add(value);
                return "?";
            }
            return value instanceof String text ? "'" + text.replace("'", "''") + "'" : value.toString();
        }

        private static String name(FieldPath field) {
            return "\"" + field.column().replace("\"", "\"\"") + "\"";
        }
    }

    private static JsonNode json(Predicate predicate) {
        return switch (predicate) {
            case And(List<Predicate> terms) -> JSON.createObjectNode().set("and", list(terms));
            case Or(List<Predicate> terms) -> JSON.createObjectNode().set("or", list(terms));
            case Not(Predicate term) -> JSON.createObjectNode().set("not", json(term));
            case Compare(FieldPath field, Operator operator, Object value) ->
                condition(field, SIGNS.get(operator.ordinal()), value);
            case In(FieldPath field, List<Object> values) -> condition(field, "in", values);
            case Like(FieldPath field, String pattern) -> condition(field, "like", pattern);
            case Contains(FieldPath field, Quantifier quantifier, List<Object> values) ->
                condition(field, "contains " + quantifier.name().toLowerCase(Locale.ROOT), values);
            case IsNull(FieldPath field) ->
                JSON.createObjectNode().put("column", field.column()).put("operator", "is null");
        };
    }

    private static ArrayNode list(List<Predicate> terms) {
        ArrayNode list = JSON.createArrayNode();
        terms.forEach(term -> list.add(json(term)));
        return list;
    }

    private static ObjectNode condition(FieldPath field, String operator, Object value) {
        ObjectNode node = JSON.createObjectNode().put("column", field.column()).put("operator", operator);
        node.set("value", JSON.valueToTree(value));
        return node;
    }
}
