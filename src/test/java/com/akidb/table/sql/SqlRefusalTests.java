package com.akidb.table.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.akidb.error.AkidbException;
import com.akidb.error.DeadlineExceededException;
import com.akidb.error.InvalidInputException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What SQL must not do here, and how it is told. */
class SqlRefusalTests extends SqlFixture {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "~~ | must be a select",
                "select | query",
                "delete from code_layouts | must be one plain select",
                "insert into code_layouts values (1) | must be one plain select",
                "update code_layouts set title = 'x' | must be one plain select",
                "drop table code_layouts | must be one plain select",
                "create table x (y int) | must be one plain select",
                "pragma table_info(code_layouts) | query",
                "attach database 'x' as y | query",
                "vacuum into '/tmp/x' | query",
                "explain select 1 | query",
                "select 1; select 2 | query",
                "select 1; drop table code_layouts | query",
                "select 1 union select 2 | must be one plain select",
                "with x as (select 1) select * from x | may have no clauses other than",
                "with recursive x(n) as (select 1 union all select n + 1 from x) select n from x | query",
                "values (1) | must be one plain select",
                "select * from sqlite_master | Table 'sqlite_master' not found",
                "select * from sqlite_schema | not found",
                "select * from main.sqlite_master | must be the name of a table",
                "select * from temp.code_layouts | must be the name of a table",
                "select * from akidb_tables | not found",
                "select * from rows_1 | not found",
                "select * from vectors_1_9 | not found",
                "select * from code_layouts_data | not found",
                "select * from pragma_table_info('rows_1') | is not allowed after from",
                "select * from json_each('[1]') | is not allowed after from",
                "select * from code_layouts where title match 'x' | query",
                "select readfile('/etc/passwd') | which is not one of the allowed functions",
                "select writefile('/tmp/x', 'y') | one of the allowed functions",
                "select load_extension('x') | one of the allowed functions",
                "select edit('x') | one of the allowed functions",
                "select fts3_tokenizer('x') | one of the allowed functions",
                "select sqlite_version() | one of the allowed functions",
                "select akidb_json('{}') | one of the allowed functions",
                "select randomblob(1000000000) | one of the allowed functions",
                "select zeroblob(1000000000) | one of the allowed functions",
                "select printf('%1000000000s', 'x') | one of the allowed functions",
                "select replace('aa', 'a', 'b') | query",
                "select char(0) | query",
                "select secret from code_layouts | there is no column 'secret'",
                "select id from code_layouts | there is no column 'id'",
                "select rowid from code_layouts | there is no column 'rowid'",
                "select c1 from code_layouts | there is no column 'c1'",
                "select k0 from code_layouts | there is no column 'k0'",
                "select s1.k0 from code_layouts | there is no column 's1.k0'",
                "select r.id from code_layouts | there is no column 'r.id'",
                "select titel from code_layouts | did you mean 'title'?",
                "select title from code_layouts order by title collate nocase | query",
                "select title into x from code_layouts | may have no clauses other than",
                "select title from code_layouts for update | may have no clauses other than",
                "select top 3 title from code_layouts | may have no clauses other than",
                "select title from code_layouts fetch first 3 rows only | may have no clauses other than",
                "select title from code_layouts qualify 1 = 1 | query",
                "select title from code_layouts window w as (order by title) | query",
                "select row_number() over (order by title) from code_layouts | query",
                "select title from code_layouts natural join code_layouts x | has a join that is not allowed",
                "select 1 from code_layouts c full outer join code_layouts d on 1 = 1 | has a join that is not allowed",
                "select 1 from code_layouts c join code_layouts d using (title) | has a join that is not allowed",
                "select 1 from code_layouts, code_layouts | has two tables called",
                "select title from code_layouts a, code_layouts b | is a column of several tables",
                "select title from code_layouts limit -1 | query",
                "select title from code_layouts limit 1.5 | must be a whole number",
                "select title from code_layouts limit (select 1) | query",
                "select count(title) filter (where 1 = 1) from code_layouts | query",
                "select group_concat(title order by title) from code_layouts | one of the allowed functions",
                "select sum(*) from code_layouts | takes a star only in count",
                "select title from code_layouts where sum(stars) > 1 | at character 38, calls 'sum' over several rows,"
                        + " which is not allowed here",
                "select similarity(title, 'x') from code_layouts | is not an embedding column",
                "select similarity(embedding, title) from code_layouts | must be similarity(",
                "select similarity(embedding) from code_layouts | must be similarity(",
                "select title.area from code_layouts | is not a JSON column",
                "select title from code_layouts where title like 'x' escape '!' | plain 'like'",
                "select title from code_layouts where title glob 'x*' | query",
                "select title from code_layouts where title regexp 'x' | query",
                "select x'00' | query",
                "select 0x10 | query",
                "select current_timestamp | query",
                "select :name | query",
                "select @x | query",
                "select ?1 | query",
                "select ~~title from code_layouts | query",
                "select title::text from code_layouts | query",
                "select cast(title as blob) from code_layouts | must be cast(",
                "select title from code_layouts where title = 'unclosed | query",
                "select title from code_layouts order by 9 | is not the number of a column"
            })
    void refusesWhatIsNotOnItsLists(String query, String message) {
        Throwable failure = catchThrowable(() -> query(query == null ? "" : query));

        assertThat(failure).isInstanceOf(AkidbException.class);
        assertThat(failure.getMessage())
                .contains(message)
                .doesNotContain("rows_2")
                .hasSizeLessThan(1000);
    }

    @Test
    void knowsNoTableOfTheStoreByItsQuotedName() {
        for (String name :
                List.of("\"rows_1\"", "`rows_1`", "\"sqlite_master\"", "\"akidb_columns\"", "\"main.rows_1\"")) {
            assertThat(catchThrowable(() -> query("select * from " + name))).hasMessageContaining("not found");
        }
    }

    @Test
    void blamesTheParams() {
        assertThat(catchThrowable(() -> query("select ?, ?", 1))).hasMessageContaining("the query has more times ?");
        assertThat(catchThrowable(() -> query("select ?", 1, 2))).hasMessageContaining("2 values for 1 times ?");
        assertThat(catchThrowable(() -> query("select similarity(embedding, ?) from code_layouts", 5)))
                .hasMessageContaining("params[0] must be a text or a vector");
        assertThat(catchThrowable(() -> query("select similarity(embedding, ?) from code_layouts", new float[3])))
                .hasMessageContaining("Vector dimension mismatch: got 3, expected 8");
        assertThat(catchThrowable(() -> query("select 1 from code_layouts where added > ?", "yesterday")))
                .hasMessageContaining("params[0] must be an RFC 3339 date and time");
    }

    @Test
    void endsWhatTakesTooLongOrIsTooLarge() {
        String product = "code_layouts a cross join code_layouts b cross join code_layouts c cross join code_layouts d";

        assertThat(catchThrowable(() -> query(
                        Duration.ofMillis(500), "select count(*) from " + product + " cross join code_layouts e")))
                .isInstanceOf(DeadlineExceededException.class)
                .hasMessageContaining("took longer than 500 ms");
        assertThat(catchThrowable(() -> query("select a.title from " + product)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("more than 1000 rows");
        assertThat(rows("select count(*) from code_layouts")).containsExactly(List.of(300L));
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "not ", "case when ", "- ", "select (", "prior ", "exists (select "})
    void survivesWhatNestsWithoutEnd(String word) {
        assertThat(catchThrowable(() -> query("select " + word.repeat(5_000) + "1")))
                .isInstanceOf(AkidbException.class);
    }
}
