package com.akidb.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.error.InvalidInputException;
import com.akidb.query.Expression.Call;
import com.akidb.query.Expression.Column;
import com.akidb.query.Expression.Constant;
import com.akidb.query.NamedRows.NamedColumn;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names and kinds in expressions and selects. */
class SelectReaderTests {

    private static final FieldResolver ANY = (name, field) -> FieldPath.column(name);

    private static NamedRows rows(NamedColumn... columns) {
        return new NamedRows(new UUID(1, 2), "t", List.of(columns), ANY);
    }

    private static SelectQuery select(String text, NamedRows rows, Object... params) {
        return SelectReader.read(text, List.of(params), name -> rows);
    }

    static Stream<String> words() {
        return WhereTextNameTests.words();
    }

    @ParameterizedTest
    @MethodSource("words")
    void namesNeedNoQuotesUnlessSelectsAreMadeOfThem(String name) {
        NamedRows rows = rows(new NamedColumn(name, Kind.NUMBER), new NamedColumn("its json", Kind.JSON));
        Column column = new Column(0, name, List.of(), Kind.NUMBER);
        Column selected = new Column(1, name, List.of(), Kind.NUMBER);
        boolean keyword =
                List.of("from", "where", "having", "join", "on").contains(name.toLowerCase(java.util.Locale.ROOT));
        String written = keyword ? "\"" + name + "\"" : name;
        if (keyword) {
            assertThatThrownBy(() -> SelectReader.expression(name + " + 1", rows, "x"))
                    .hasMessageContaining("must be quoted: \"" + name + "\"");
        }

        assertThat(SelectReader.expression(written + " + 1", rows, "x"))
                .isEqualTo(Call.of(Function.ADD, column, new Constant(1L)));
        assertThat(SelectReader.expression("(" + written + " > 1) or not " + written + " in (1)", rows, "x"))
                .isEqualTo(Call.of(
                        Function.OR,
                        Call.of(Function.GREATER, column, new Constant(1L)),
                        Call.of(Function.NOT, Call.of(Function.IN, column, new Constant(1L)))));
        assertThat(SelectReader.expression("\"its json\"." + written + ".x", rows, "x"))
                .isEqualTo(new Column(0, "its json", List.of(name, "x"), Kind.ANY));
        Select select = select(
                        "select " + written + ", t." + written + " from t where " + written + " = 1 group by " + written
                                + " order by " + written + " desc limit 1",
                        rows)
                .select();
        assertThat(select.items()).extracting(Select.Item::value).containsExactly(selected, selected);
        assertThat(select.groups()).containsExactly(selected);
        assertThat(select.orders()).containsExactly(new Select.Order(selected, true, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v || ''",
                "v = v",
                "v + 1",
                "v < 'x'",
                "length(v)",
                "v in (1)",
                "coalesce(v, 1)",
                "max(v, v)",
                "cast(v as text)",
                "case when open then v end",
                "v like 'x'",
                "min(v)",
                "sum(v)",
                "not v",
                "json contains v",
                "-v"
            })
    void nothingIsComputedOfVectors(String expression) {
        NamedRows rows = rows(
                new NamedColumn("v", Kind.VECTOR),
                new NamedColumn("open", Kind.BOOL),
                new NamedColumn("json", Kind.JSON));

        assertThatThrownBy(() -> select("select " + expression + " from t", rows))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("embedding");
        assertThat(select("select v, count(v), v is null from t group by v is null", rows)
                        .select()
                        .items())
                .hasSize(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "text = 5 ~ is a number, which never equals a string",
                "n = 'x' ~ is a string, which never equals a number",
                "n < text ~ never equals",
                "open < true ~ true and false compare by = and != only",
                "text + 1 ~ is a string, and + takes a number",
                "open || 'x' ~ is true or false, and || takes a string",
                "length(n) ~ is a number, and length takes a string; cast(... as text) makes one",
                "n like 'x' ~ is a number, and like takes a string",
                "n and open ~ is a number, where a condition is expected",
                "case when text then 1 end ~ is a string, where a condition is expected",
                "text contains 'x' ~ is a string, and contains takes an array inside JSON",
                "n in (1, 'x') ~ is a string, which never equals a number",
                "text like 'x\\' ~ must not end in a lone backslash",
                "substr(text) ~ wrong number of arguments; it takes 2 to 3",
            })
    void kindsThatNeverFitAreRefused(String expression, String message) {
        NamedRows rows = rows(
                new NamedColumn("text", Kind.STRING),
                new NamedColumn("n", Kind.NUMBER),
                new NamedColumn("open", Kind.BOOL),
                new NamedColumn("json", Kind.JSON));

        assertThatThrownBy(() -> SelectReader.expression(expression, rows, "x"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("x, at character")
                .hasMessageContaining(message);
        assertThat(SelectReader.expression("json.a = 5 and json.a like json.b", rows, "x"))
                .isNotNull();
    }
}
