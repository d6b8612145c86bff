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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class FilterParserTests {

    private static final JsonMapper JSON = new JsonMapper();
    private static final FieldPath AREA = FieldPath.column("area");

    @Test
    void readsAListOfConditionsThatMustAllHold() {
        assertThat(parse("""
                        [{"column": "area", "operator": "=", "value": "north"},
                         {"column": "depth", "operator": ">=", "value": 2.5}]"""))
                .isEqualTo(new And(List.of(
                        new Compare(AREA, Operator.EQUAL, "north"),
                        new Compare(FieldPath.column("depth"), Operator.GREATER_OR_EQUAL, 2.5))));
    }

    @Test
    void anEmptyListLetsAllPass() {
        assertThat(parse("[]")).isEqualTo(new And(List.of()));
    }

    @ParameterizedTest
    @CsvSource({"=,EQUAL", "!=,NOT_EQUAL", "<,LESS", "<=,LESS_OR_EQUAL", ">,GREATER", ">=,GREATER_OR_EQUAL"})
    void readsEveryComparison(String sign, Operator operator) {
        assertThat(condition(sign, "7")).isEqualTo(new Compare(AREA, operator, 7L));
    }

    @Test
    void readsTheOtherOperatorsInAnyCase() {
        In in = new In(AREA, List.of("a", 1L, 1.5, true));
        assertThat(condition("IN", "[\"a\", 1, 1.5, true]")).isEqualTo(in);
        assertThat(condition("Not  In", "[\"a\", 1, 1.5, true]")).isEqualTo(new Not(in));
        assertThat(condition("in", "[]")).isEqualTo(new In(AREA, List.of()));
        assertThat(condition("LIKE", "\"no%\"")).isEqualTo(new Like(AREA, "no%"));
        assertThat(condition("IS NULL", "null")).isEqualTo(new IsNull(AREA));
        assertThat(parse("{\"column\": \"area\", \"operator\": \"is not null\"}"))
                .isEqualTo(new Not(new IsNull(AREA)));
    }

    @Test
    void readsNestedConditions() {
        assertThat(parse("""
                        {"or": [{"not": {"column": "area", "operator": "=", "value": true}},
                                {"and": [[], {"column": "area", "operator": "is null"}]}]}"""))
                .isEqualTo(new Or(List.of(
                        new Not(new Compare(AREA, Operator.EQUAL, true)),
                        new And(List.of(new And(List.of()), new IsNull(AREA))))));
    }

    @Test
    void keepsWholeNumbersBeyond64BitsAsDoubles() {
        assertThat(condition("=", "9223372036854775807")).isEqualTo(new Compare(AREA, Operator.EQUAL, Long.MAX_VALUE));
        assertThat(condition("=", "9223372036854775808"))
                .isEqualTo(new Compare(AREA, Operator.EQUAL, 9223372036854775808.0));
    }

    @Test
    void resolvesNamesAsItIsTold() {
        Predicate read = FilterParser.parse(
                JSON.readTree("{\"column\": \"a.b\", \"operator\": \"is null\"}"),
                "filter",
                (name, field) -> new FieldPath("metadata", List.of(name, field)));
        assertThat(read).isEqualTo(new IsNull(new FieldPath("metadata", List.of("a.b", "filter.column"))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7 | filter | WRONG_TYPE | must be a condition",
                "null | filter | WRONG_TYPE | not null",
                "[7] | filter[0] | WRONG_TYPE | not a number",
                "{} | filter.column | MISSING_FIELD | is missing; it must be the name of a column",
                "{\"colum\":\"a\"} | filter.colum | UNKNOWN_FIELD | did you mean 'column'?",
                "{\"column\":\"a\"} | filter.operator | MISSING_FIELD | one of =, !=, <, <=, >, >=, in, not in, like",
                "{\"column\":1} | filter.column | WRONG_TYPE | must be a string",
                "{\"column\":\"\",\"operator\":\"=\",\"value\":1} | filter.column | INVALID_ARGUMENT | not be empty",
                "[[],{\"column\":\"a\",\"operator\":\"~\",\"value\":1}] | filter[1].operator | INVALID_ARGUMENT | got '~'",
                "{\"column\":\"a\",\"operator\":[]} | filter.operator | WRONG_TYPE | not a list",
                "{\"column\":\"a\",\"operator\":\"=\"} | filter.value | MISSING_FIELD | needs a value",
                "{\"column\":\"a\",\"operator\":\"=\",\"value\":null} | filter.value | WRONG_TYPE | use 'is null'",
                "{\"column\":\"a\",\"operator\":\"=\",\"value\":{}} | filter.value | WRONG_TYPE | not an object",
                "{\"column\":\"a\",\"operator\":\"=\",\"value\":1e400} | filter.value | OUT_OF_RANGE | finite",
                "{\"column\":\"a\",\"operator\":\"<\",\"value\":true} | filter.value | WRONG_TYPE | = and != only",
                "{\"column\":\"a\",\"operator\":\"in\",\"value\":1} | filter.value | WRONG_TYPE | must be a list",
                "{\"column\":\"a\",\"operator\":\"in\",\"value\":[1,[]]} | filter.value[1] | WRONG_TYPE | not a list",
                "{\"column\":\"a\",\"operator\":\"like\",\"value\":1} | filter.value | WRONG_TYPE | pattern",
                "{\"column\":\"a\",\"operator\":\"like\",\"value\":\"a\\\\\"} | filter.value | INVALID_ARGUMENT | backslash",
                "{\"column\":\"a\",\"operator\":\"is null\",\"value\":1} | filter.value | INVALID_ARGUMENT | absent",
                "{\"and\":[],\"or\":[]} | filter | INVALID_ARGUMENT | nothing beside 'and'",
                "{\"or\":[]} | filter.or | INVALID_ARGUMENT | at least one",
                "{\"and\":{}} | filter.and | WRONG_TYPE | must be a list",
                "{\"or\":[{\"not\":1}]} | filter.or[0].not | WRONG_TYPE | not a number",
            })
    void refusesWhatIsNoFilterAndNamesThePlace(String json, String field, ErrorCode code, String message) {
        InvalidInputException failure = refused(json);
        assertThat(failure.field()).hasValue(field);
        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.detail()).startsWith(field).contains(message);
    }

    @Test
    void boundsDepthConditionsAndValues() {
        parse("[".repeat(FilterLimits.MAX_DEPTH) + "]".repeat(FilterLimits.MAX_DEPTH));
        assertThat(refused("[".repeat(101) + "]".repeat(101)).detail()).contains("at most 100 levels");
        assertThat(refused("{\"or\":[".repeat(51) + "{}" + "]}".repeat(51)).detail())
                .contains("at most 100 levels");
        assertThat(refused("{\"not\":".repeat(101) + "{}" + "}".repeat(101)).detail())
                .contains("at most 100 levels");

        String condition = "{\"column\":\"area\",\"operator\":\"is null\"},";
        parse("[" + condition.repeat(999) + condition.substring(0, condition.length() - 1) + "]");
        assertThat(refused("[" + condition.repeat(1000) + "[]," + condition.substring(0, condition.length() - 1) + "]")
                        .field())
                .hasValue("filter[1001]");

        condition("in", "[" + "1,".repeat(9_999) + "1]");
        InvalidInputException failure =
                refused("{\"column\":\"area\",\"operator\":\"in\",\"value\":[" + "1,".repeat(10_000) + "1]}");
        assertThat(failure.detail()).contains("makes 10001 values of 'in'; at most 10000");
        assertThat(refused("{\"column\":\"a\",\"operator\":\"like\",\"value\":\"" + "%".repeat(4_097) + "\"}")
                        .detail())
                .contains("at most 4096 characters");
    }

    @Test
    void showsOnlyTheBeginningOfALongUnknownName() {
        assertThat(refused("{\"" + "x".repeat(5_000) + "\": 1}").detail()).hasSizeLessThan(250);
    }

    static Predicate parse(String json) {
        return FilterParser.parse(JSON.readTree(json), "filter");
    }

    private static Predicate condition(String operator, String value) {
        return parse("{\"column\": \"area\", \"operator\": \"" + operator + "\", \"value\": " + value + "}");
    }

    private static InvalidInputException refused(String json) {
        JsonNode tree = JSON.readTree(json);
        InvalidInputException failure =
                catchThrowableOfType(InvalidInputException.class, () -> FilterParser.parse(tree, "filter"));
        assertThat(failure).as(json).isNotNull();
        return failure;
    }
}
