package com.akidb.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.query.Predicate.And;
import com.akidb.query.Predicate.Compare;
import com.akidb.query.Predicate.In;
import com.akidb.query.Predicate.IsNull;
import com.akidb.query.Predicate.Like;
import com.akidb.query.Predicate.Not;
import com.akidb.query.Predicate.Operator;
import com.akidb.query.Predicate.Or;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class WhereTextParserTests {

    private static final FieldResolver COLUMNS = (name, field) -> FieldPath.column(name);
    private static final FieldPath A = FieldPath.column("a");
    private static final FieldPath B = FieldPath.column("b");

    @Test
    void readsTheExampleOfTheGuide() {
        assertThat(parse("quality_score >= ? and language in (?, ?)", 8, "ts", "js"))
                .isEqualTo(new And(List.of(
                        new Compare(FieldPath.column("quality_score"), Operator.GREATER_OR_EQUAL, 8L),
                        new In(FieldPath.column("language"), List.of("ts", "js")))));
    }

    @ParameterizedTest
    @CsvSource({
        "=, EQUAL",
        "!=, NOT_EQUAL",
        "<>, NOT_EQUAL",
        "<, LESS",
        "<=, LESS_OR_EQUAL",
        ">, GREATER",
        ">=, GREATER_OR_EQUAL"
    })
    void readsEveryComparison(String sign, Operator operator) {
        assertThat(parse("a" + sign + "7")).isEqualTo(new Compare(A, operator, 7L));
    }

    @Test
    void readsTheOtherConditions() {
        assertThat(parse("a IN ('x', 1, -2.5, TRUE)")).isEqualTo(new In(A, List.of("x", 1L, -2.5, true)));
        assertThat(parse("a not in (?)", 1)).isEqualTo(new Not(new In(A, List.of(1L))));
        assertThat(parse("a in ()")).isEqualTo(new In(A, List.of()));
        assertThat(parse("a like 'no%'")).isEqualTo(new Like(A, "no%"));
        assertThat(parse("a not like ?", "%x")).isEqualTo(new Not(new Like(A, "%x")));
        assertThat(parse("a is null")).isEqualTo(new IsNull(A));
        assertThat(parse("a IS NOT NULL")).isEqualTo(new Not(new IsNull(A)));
        And between = new And(
                List.of(new Compare(A, Operator.GREATER_OR_EQUAL, 1L), new Compare(A, Operator.LESS_OR_EQUAL, 2L)));
        assertThat(parse("a between ? and 2", 1)).isEqualTo(between);
        assertThat(parse("a not between 1 and ?", 2)).isEqualTo(new Not(between));
    }

    @Test
    void bindsAndBeforeOrAndNotBeforeBoth() {
        Compare a = new Compare(A, Operator.EQUAL, 1L);
        Compare b = new Compare(B, Operator.EQUAL, 2L);

        assertThat(parse("a=1 or b=2 and not a=1")).isEqualTo(new Or(List.of(a, new And(List.of(b, new Not(a))))));
        assertThat(parse("(a=1 or b=2) and a=1")).isEqualTo(new And(List.of(new Or(List.of(a, b)), a)));
        assertThat(parse("not (a=1 and b=2)")).isEqualTo(new Not(new And(List.of(a, b))));
        assertThat(parse("a=1 and b=2 and a=1")).isEqualTo(new And(List.of(a, b, a)));
        assertThat(parse("((a=1))")).isEqualTo(a);
        assertThat(parse("not not a=1")).isEqualTo(new Not(new Not(a)));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            value = {
                "a='x''y', x'y",
                "a='a\\', a\\",
                "a='', ~~",
                "a='-- no comment', -- no comment",
                "a='; drop table t', ; drop table t",
                "a='日本 😀', 日本 😀",
                "a /* a comment */ = 'x', x"
            })
    void readsStringsAsSqlHasThem(String text, String value) {
        assertThat(parse(text)).isEqualTo(new Compare(A, Operator.EQUAL, value));
    }

    @Test
    void readsNumbersAsJsonFiltersDo() {
        assertThat(parse("a=9223372036854775807")).isEqualTo(new Compare(A, Operator.EQUAL, Long.MAX_VALUE));
        assertThat(parse("a=-9223372036854775808")).isEqualTo(new Compare(A, Operator.EQUAL, Long.MIN_VALUE));
        assertThat(parse("a=9223372036854775808")).isEqualTo(new Compare(A, Operator.EQUAL, 9223372036854775808.0));
        assertThat(parse("a=1e3")).isEqualTo(new Compare(A, Operator.EQUAL, 1000.0));
        assertThat(parse("a=.5")).isEqualTo(new Compare(A, Operator.EQUAL, 0.5));
        assertThat(parse("a=" + "9".repeat(300))).isEqualTo(new Compare(A, Operator.EQUAL, 1e300));
    }

    @Test
    void takesParamsOfTheKindsThatPredicatesHold() {
        Instant instant = Instant.parse("2026-01-02T03:04:05Z");

        assertThat(parse("a in (?,?,?,?,?,?,?)", 1, 2L, 1.5f, new BigDecimal("2.5"), "s", true, instant))
                .isEqualTo(new In(A, List.of(1L, 2L, 1.5, 2.5, "s", true, instant)));
    }

    @Test
    void takesQuotedAndDottedNames() {
        assertThat(parse("\"we\"\"ird name\" = 1")).isEqualTo(compareWith("we\"ird name"));
        assertThat(parse("`order` = 1")).isEqualTo(compareWith("order"));
        assertThat(parse("metadata.area = 1")).isEqualTo(compareWith("metadata.area"));
        assertThat(parse("metadata.\"the area\".x = 1")).isEqualTo(compareWith("metadata.the area.x"));
        assertThat(parse("größe = 1")).isEqualTo(compareWith("größe"));
        assertThat(parse("\"select\" = 1")).isEqualTo(compareWith("select"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"value", "key", "type", "language", "date", "text", "count", "order", "group", "user", "level"})
    void takesWordsOfSqlAsNamesWhereNothingElseIsMeant(String name) {
        assertThat(parse(name + " = 1")).isEqualTo(compareWith(name));
    }

    private static Compare compareWith(String column) {
        return new Compare(FieldPath.column(column), Operator.EQUAL, 1L);
    }

    @Test
    void resolvesNamesAsItIsTold() {
        Predicate read = WhereTextParser.parse(
                "x is null", List.of(), "where", (name, field) -> new FieldPath("json", List.of(name, field)));

        assertThat(read).isEqualTo(new IsNull(new FieldPath("json", List.of("x", "where.text"))));
    }

    @Test
    void letsTheResolverSayWhatAValueIs() {
        FieldResolver times = new FieldResolver() {
            @Override
            public FieldPath resolve(String name, String field) {
                return FieldPath.column(name);
            }

            @Override
            public Object constant(FieldPath place, Object value, String field) {
                return place.equals(B) ? value : Instant.parse((String) value);
            }
        };
        String time = "2026-01-02T03:04:05Z";
        List<String> params = List.of(time, "x%");

        assertThat(WhereTextParser.parse("a in ('" + time + "', ?) and b like ?", params, "where", times))
                .isEqualTo(new And(
                        List.of(new In(A, List.of(Instant.parse(time), Instant.parse(time))), new Like(B, "x%"))));
        assertThat(catchThrowableOfType(
                                InvalidInputException.class,
                                () -> WhereTextParser.parse("a like ?", List.of(time), "where", times))
                        .detail())
                .isEqualTo("where.params[0] cannot stand with 'like', since 'a' holds no strings");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "~~ | must be a condition",
                "a | at character 1, is not a condition",
                "a = | ends too early",
                "a = 1 and | ends too early",
                "(a = 1 | ends too early",
                "a = 1) | at character 6, has ')'",
                "a = 1 b | at character 7, has 'b'",
                "'😀' = 'x' | at character 1, must be the name of a column",
                "b = '😀' x | at character 9, has 'x'",
                "a == 1 | at character 4, has '='",
                "a = b | at character 5, must be a value",
                "a = 1 = 2 | at character 7, has '='",
                "1 = a | at character 1, must be the name of a column",
                "? = 1 | at character 1, must be the name of a column",
                "~\"\" = 1~ | at character 1, must be the name of a column",
                "a = null | at character 5, must be a string, a number or a boolean; for null use 'is null'",
                "a < true | at character 5, must be a string or a number; true and false",
                "a = 1e400 | at character 5, must be a finite number",
                "a = 12L | at character 5, must be a value",
                "a = 0x1F | at character 5, must be a value",
                "a like 7 | at character 8, must be a string, the pattern",
                "a like 'x\\' | at character 8, must not end in a lone backslash",
                "a like 'x' escape '!' | at character 1, must be plain 'like'",
                "a ilike 'x' | at character 1, must be plain 'like'",
                "a regexp 'x' | at character 1",
                "a similar to 'x' | at character 1",
                "a in 1 | at character 6, must be a list of values in parentheses",
                "a in (select b from c) | at character 6, must be a list",
                "a in (b) | at character 7, must be a value",
                "(a, b) in ((1, 2)) | at character 1, must be the name of a column",
                "a = (select 1) | at character 5, must be a value",
                "exists (select 1) | is not a condition",
                "f(a) = 1 | at character 1, must be the name of a column",
                "a = upper('x') | at character 5, must be a value",
                "a + 1 = 2 | at character 1, must be the name of a column",
                "a = 1 + 1 | at character 5, must be a value",
                "a is true | at character 1, is not a condition",
                "a notnull | at character 1, is not a condition",
                "a between symmetric 1 and 2 | at character 21, must be plain",
                "case when a = 1 then a end | at character 1, has 'case'",
                "a = 1; drop table t | at character 6, has ';'",
                "a = 1 union select 1 | at character 7, has 'union'",
                "a = ?1 | at character 6, has '1'",
                "a = ? 99999999999 | at character 7, has '99999999999'",
                "a = :name | at character 5",
                "a = @x | at character 5, has '@x'",
                "a && b | at character 3, has '&&'",
                "!a = 1 | at character 1, has '!'",
                "a ^= 1 | at character 3, has '^='",
                "a->>'b' = 1 | at character 2, has '->>'",
                "a::int = 1 | at character 2",
                "a[1] = 1 | at character 2, has '['",
                "a = N'x' | at character 5, has 'N",
                "a = $$x$$ | at character 5",
                "a = 'x | at character 5, begins something that does not end",
                "a = 1 /* x | at character 7, begins something that does not end",
                "😀 = 1 | at character 1, has a character that is not allowed here",
                "a = 1 # | at character 7",
                "a = date '2026-01-01' | at character 5, must be a value",
                "a = current_timestamp | at character 5, must be a value",
                "a = 1 xor b = 2 | is not a condition",
                "not | ends too early"
            })
    void refusesWhatIsNoConditionAndNamesTheCharacter(String text, String message) {
        InvalidInputException failure = refused(text);

        assertThat(failure.field()).hasValue("where.text");
        assertThat(failure.detail()).startsWith("where.text").contains(message);
    }

    @Test
    void namesSignsThatHaveNoPlaceInConditions() {
        assertThat(refused("a || b = 1").detail()).contains("at character 3, has '||'");
        assertThat(refused("a = \"x").detail()).contains("at character 5, begins something that does not end");
    }

    @Test
    void namesTheParamToBlame() {
        assertParam("a = ? and b = ?", "where.text", "at character 15, has a ? for which where.params has no value", 1);
        assertParam("a = ?", "where.params", "has 2 values for 1 times ? in the text", 1, 2);
        assertParam("a = ? and b < ?", "where.params[1]", "must be a string or a number; true", 1, true);
        assertParam("a like ?", "where.params[0]", "must be a string, the pattern", 1);
        assertParam("a = ?", "where.params[0]", "must be a finite number", Double.NaN);
        assertParam("a = ?", "where.params[0]", "not a list", List.of(1));
        assertThat(catchThrowableOfType(
                                InvalidInputException.class,
                                () -> WhereTextParser.parse(
                                        "a = ?", Collections.<@Nullable Object>singletonList(null), "where", COLUMNS))
                        .detail())
                .startsWith("where.params[0] must be")
                .contains("use 'is null'");
    }

    private static void assertParam(String text, String field, String message, Object... params) {
        InvalidInputException failure = catchThrowableOfType(InvalidInputException.class, () -> parse(text, params));
        assertThat(failure.field()).hasValue(field);
        assertThat(failure.detail()).startsWith(field).contains(message);
    }

    @Test
    void holdsTheLimitsOfFilters() {
        assertThat(parse("(".repeat(31) + "a=1" + ")".repeat(31))).isEqualTo(new Compare(A, Operator.EQUAL, 1L));
        assertThat(refused("(".repeat(32) + "a=1" + ")".repeat(32)).detail())
                .contains("at character 32, is nested too deep");
        assertThat(parse("not ".repeat(31) + "a=1")).isInstanceOf(Not.class);
        assertThat(refused("not ".repeat(40) + "a=1").detail()).contains("is nested too deep");
        assertThat(refused("not (".repeat(16) + "a=1" + ")".repeat(16)).detail())
                .contains("is nested too deep");
        assertThat(parse("not (a=1) and ".repeat(50) + "not a=1")).isInstanceOf(And.class);

        assertThat(parse("a=1" + " or a=1".repeat(999))).isInstanceOf(Or.class);
        InvalidInputException conditions = refused("a=1" + " or a=1".repeat(1000));
        assertThat(conditions.code()).isEqualTo(ErrorCode.OUT_OF_RANGE);
        assertThat(conditions.detail()).contains("one condition too many");

        assertThat(parse("a in (1" + ",1".repeat(9_999) + ")")).isInstanceOf(In.class);
        assertThat(refused("a in (1" + ",1".repeat(10_000) + ")").detail())
                .contains("at character 6, makes 10001 values");
        assertThat(refused(" ".repeat(WhereTextParser.MAX_TEXT) + "a=1").detail())
                .contains("at most 250000 characters");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "prior ",
                "interval ",
                "binary ",
                "exists ",
                "any ",
                "- ",
                "+ ",
                "cast(",
                "a.",
                "not(",
                "distinct "
            })
    void surviveWordsThatNestWithoutEnd(String word) {
        InvalidInputException failure = refused(word.repeat(20_000) + "a = 1");

        assertThat(failure.field()).hasValue("where.text");
    }

    @Test
    void standsInsideJsonFiltersAndSharesTheirLimits() {
        JsonMapper json = new JsonMapper();
        Predicate read = FilterParser.parse(
                json.readTree(
                        "{\"or\": [{\"text\": \"a = ? and b is null\", \"params\": [\"x\"]}, {\"text\": \"a=2\"}]}"),
                "where");
        assertThat(read)
                .isEqualTo(new Or(List.of(
                        new And(List.of(new Compare(A, Operator.EQUAL, "x"), new IsNull(B))),
                        new Compare(A, Operator.EQUAL, 2L))));

        String half = "{\"text\": \"a=1" + " or a=1".repeat(500) + "\"}";
        assertRefused(json, "[" + half + "," + half + "]", "where[1].text", "one condition too many");
        assertRefused(json, "[{\"text\": \"a=?\", \"params\": [null]}]", "where[0].params[0]", "use 'is null'");
        assertRefused(json, "{\"text\": 7}", "where.text", "must be a condition as text");
        assertRefused(json, "{\"params\": []}", "where.text", "must be a condition as text");
        assertRefused(json, "{\"text\": \"a=1\", \"params\": {}}", "where.params", "must be a list");
        assertRefused(json, "{\"text\": \"a=1\", \"column\": \"a\"}", "where", "nothing but text and params");
        String deep = "{\"not\":".repeat(31) + "{\"text\": \"" + "(".repeat(32) + "a=1" + ")".repeat(32) + "\"}"
                + "}".repeat(31);
        assertRefused(json, deep, "where" + ".not".repeat(31) + ".text", "at character 32, is nested too deep");
    }

    private static void assertRefused(JsonMapper json, String filter, String field, String message) {
        InvalidInputException failure = catchThrowableOfType(
                InvalidInputException.class, () -> FilterParser.parse(json.readTree(filter), "where"));
        assertThat(failure.field()).hasValue(field);
        assertThat(failure.detail()).startsWith(field).contains(message);
    }

    private static Predicate parse(String text, Object... params) {
        return WhereTextParser.parse(text, Arrays.asList(params), "where", COLUMNS);
    }

    private static InvalidInputException refused(String text) {
        return catchThrowableOfType(InvalidInputException.class, () -> parse(text));
    }
}
