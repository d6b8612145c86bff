package com.akidb.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.query.Predicate.And;
import com.akidb.query.Predicate.Compare;
import com.akidb.query.Predicate.In;
import com.akidb.query.Predicate.IsNull;
import com.akidb.query.Predicate.Not;
import com.akidb.query.Predicate.Operator;
import com.akidb.query.Predicate.Or;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What is no condition, or too much of one, and what is said about it. */
class WhereTextRefusalTests extends WhereTextFixture {

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
                "a = 1 xor b = 2 | at character 7, has 'xor'",
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

    private static void assertParam(String text, String field, String message, Object... params) {
        InvalidInputException failure = catchThrowableOfType(InvalidInputException.class, () -> parse(text, params));
        assertThat(failure.field()).hasValue(field);
        assertThat(failure.detail()).startsWith(field).contains(message);
    }

    private static void assertRefused(JsonMapper json, String filter, String field, String message) {
        InvalidInputException failure = catchThrowableOfType(
                InvalidInputException.class, () -> FilterParser.parse(json.readTree(filter), "where"));
        assertThat(failure.field()).hasValue(field);
        assertThat(failure.detail()).startsWith(field).contains(message);
    }
}
