package com.akidb.table.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.Fixtures;
import com.akidb.engine.Mutation;
import com.akidb.engine.OnConflict;
import com.akidb.engine.RowQuery;
import com.akidb.engine.Table;
import com.akidb.engine.TableDefinition;
import com.akidb.error.InvalidInputException;
import com.akidb.query.FieldPath;
import com.akidb.query.SelectReader;
import com.akidb.query.Sort;
import com.akidb.table.ColumnFacts;
import com.akidb.table.TableSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expressions of the columns of one row, computed by the engine as it reads the row. */
class RowExpressionTests extends SqlFixture {

    /** What expressions give in the order of a column. */
    private static List<List<@Nullable Object>> computed(Table table, String order, String... expressions) {
        List<RowQuery.Computed> computed = new ArrayList<>();
        for (String expression : expressions) {
            String field = "select[" + computed.size() + "].expression";
            computed.add(new RowQuery.Computed(
                    field, SelectReader.expression(expression, new TableSchema(table).named(), field)));
        }
        List<Sort> sorts = List.of(new Sort(FieldPath.column(order), false));
        return engine.reader(table.id())
                .query(new RowQuery(null, sorts, null, 0, 10_000, Long.MAX_VALUE, false, computed))
                .computed();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "quality_score * 2",
                "stars + 1",
                "-stars % 7",
                "stars / 0",
                "1e308 * 10",
                "round(quality_score, 1)",
                "title || '/' || coalesce(language, '?')",
                "upper(substr(language, 1, 1)) || lower(substr(language, 2))",
                "case when stars is null then 'none' when stars > 100 then 'many' else 'few' end",
                "case language when 'ts' then 1 else 0 end",
                "open",
                "not open",
                "added",
                "added > '2026-03-01T00:01:00Z'",
                "coalesce(added, null)",
                "facts",
                "facts.area",
                "facts.deep.flag",
                "facts.deep",
                "facts.\"area\" = 'a1' and open = true",
                "coalesce(facts, 'none')",
                "case when open then facts else 'none' end",
                "length(title) between 7 and 8",
                "language in ('ts', 'js') or quality_score >= 9.5",
                "title like '%9'",
                "cast(quality_score as int)",
                "max(stars, 100, 7)",
                "nullif(language, 'ts')",
                "code_layouts.title",
                "\"language\"",
                "title -- || secret",
                "/* secret */ title",
                "null",
                "'it''s'",
                "((1 + 2) * 3)"
            })
    void giveWhatASelectGives(String expression) {
        assertThat(computed(layouts, "title", expression))
                .hasSize(300)
                .isEqualTo(rows("select " + expression.replaceFirst("--.*", "") + " from code_layouts order by title"));
    }

    @Test
    void standSideBySide() {
        assertThat(computed(layouts, "title", "stars", "title", "stars * stars"))
                .isEqualTo(rows("select stars, title, stars * stars from code_layouts order by title"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "~~ | must be an expression",
                "1; drop table code_layouts | has ';'",
                "1; | has ';'",
                "title, secret | has ','",
                "1 from sqlite_master | has 'from'",
                "1) from sqlite_master -- | has ')'",
                "title as x | has 'as'",
                "stars + | ends too early",
                "'open end | at character 1, begins something that does not end",
                "1 + /* open end | at character 5, begins something that does not end",
                "(select secret from code_layouts) | select",
                "exists (select 1) | select",
                "title in (select title from code_layouts) | select",
                "readfile('/etc/passwd') | one of the allowed functions",
                "writefile('/tmp/x', 'y') | one of the allowed functions",
                "load_extension('x') | one of the allowed functions",
                "edit('x') | one of the allowed functions",
                "fts3_tokenizer('x') | one of the allowed functions",
                "akidb_json('{}') | one of the allowed functions",
                "randomblob(1000000000) | one of the allowed functions",
                "printf('%1000000000s', 'x') | one of the allowed functions",
                "row_number() over () | one of the allowed functions",
                "max(stars) over () | at character 12, has 'over'",
                "count(*) | calls 'count' over several rows",
                "1 + sum(stars) | calls 'sum' over several rows",
                "min(stars) | calls 'min' over several rows",
                "min() | calls 'min' over several rows",
                "avg(quality_score) | over several rows",
                "similarity(embedding, 'x') | compares vectors",
                "embedding | uses the embedding column 'embedding'",
                "length(embedding) > 3 | uses the embedding column 'embedding'",
                "stars + ? | has a ?, which is not allowed here",
                "stars + ?1 | select[0].expression",
                "stars + :x | is not allowed here",
                "cast(title as blob) | must be cast(",
                "title collate nocase | select[0].expression",
                "title match 'x' | select[0].expression",
                "* | select[0].expression",
                "secret | there is no column 'secret'",
                "rowid | there is no column 'rowid'",
                "id | there is no column 'id'",
                "c1 | there is no column 'c1'",
                "k0 | there is no column 'k0'",
                "s1.k0 | there is no column 's1.k0'",
                "r.id | there is no column 'r.id'",
                "titel | did you mean 'title'?",
                "title.x | is not a JSON column",
                "added > 'yesterday' | select[0].expression",
            })
    void refuseWhatOneRowDoesNotAnswer(String expression, String detail) {
        assertThatThrownBy(() -> computed(layouts, "title", expression))
                .isInstanceOfSatisfying(InvalidInputException.class, refusal -> {
                    assertThat(refusal.field()).contains("select[0].expression");
                    assertThat(refusal.detail())
                            .startsWith("select[0].expression")
                            .contains(detail)
                            .doesNotContain("query");
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "abs(-9223372036854775807 - 1 + 0 * stars) | integer overflow",
                "abs() | wrong number of arguments",
            })
    void tellWhatCannotBeComputed(String expression, String detail) {
        assertThatThrownBy(() -> computed(layouts, "title", "title", expression))
                .isInstanceOfSatisfying(InvalidInputException.class, refusal -> {
                    assertThat(refusal.field()).contains("select[1].expression");
                    assertThat(refusal.detail()).contains(detail);
                });

        assertThat(computed(layouts, "title", "1")).hasSize(300);
    }

    @Test
    void areNotDeeperOrLongerThanOneCanRead() {
        for (String expression :
                List.of("(".repeat(40) + "1" + ")".repeat(40), "not ".repeat(200) + "open", "1 + ".repeat(300) + "1")) {
            assertThatThrownBy(() -> computed(layouts, "title", expression))
                    .isInstanceOfSatisfying(
                            InvalidInputException.class,
                            refusal -> assertThat(refusal.field()).contains("select[0].expression"));
        }
        assertThat(computed(layouts, "title", "1 + ".repeat(240) + "1").getFirst())
                .containsExactly(241L);
    }

    @Test
    void takeNoMoreMemoryThanARowMay() {
        Table large = engine.create(new TableDefinition(
                "large",
                List.of(Column.of("n", ColumnType.INT, true), Column.of("body", ColumnType.STRING, false)),
                "n",
                Map.of(ColumnFacts.KIND, ColumnFacts.TABLE)));
        Fixtures.done(engine.write(
                large.id(), new Mutation.Insert(List.of(List.of(1L, "x".repeat(2 << 20))), OnConflict.ERROR)));
        String ten = String.join(" || ", Stream.generate(() -> "body").limit(10).toList());
        String twenty = ten + " || " + ten;

        InvalidInputException one =
                catchThrowableOfType(InvalidInputException.class, () -> computed(large, "n", "n", twenty));
        InvalidInputException together =
                catchThrowableOfType(InvalidInputException.class, () -> computed(large, "n", ten, ten));

        assertThat(one.field()).contains("select[1].expression");
        assertThat(one.detail()).contains("more than 32 MB");
        assertThat(together.field()).contains("select[1].expression");
        assertThat(computed(large, "n", "length(" + ten + ")").getFirst()).containsExactly(10L * (2 << 20));
    }
}
