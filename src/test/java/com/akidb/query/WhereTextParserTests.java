package com.akidb.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What conditions as text mean. */
class WhereTextParserTests extends WhereTextFixture {

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
                .isEqualTo("where.params[0] cannot be used with 'like', since 'a' holds no strings");
    }

    private static Compare compareWith(String column) {
        return new Compare(FieldPath.column(column), Operator.EQUAL, 1L);
    }
}
