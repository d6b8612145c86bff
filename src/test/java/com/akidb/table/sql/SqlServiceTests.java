package com.akidb.table.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.akidb.collection.WordEmbedding;
import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.Fixtures;
import com.akidb.engine.Mutation;
import com.akidb.engine.OnConflict;
import com.akidb.engine.Table;
import com.akidb.engine.TableDefinition;
import com.akidb.engine.VectorSearch;
import com.akidb.engine.embedded.EmbeddedTableEngine;
import com.akidb.engine.embedded.Engines;
import com.akidb.error.AkidbException;
import com.akidb.error.DeadlineExceededException;
import com.akidb.error.InvalidInputException;
import com.akidb.table.ColumnFacts;
import com.akidb.table.SqlAnswer;
import com.akidb.table.SqlProperties;
import com.akidb.table.TableDirectory;
import com.akidb.vector.Metric;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

/** SQL over a real engine. */
class SqlServiceTests {

    @TempDir
    static Path directory;

    private static final Instant DAY = Instant.parse("2026-03-01T00:00:00Z");

    private static EmbeddedTableEngine engine;
    private static Table layouts;
    private static EngineSqlService sql;

    @BeforeAll
    static void open() {
        engine = Engines.open(directory);
        TableDirectory tables = new TableDirectory(engine);
        SqlProperties limits = new SqlProperties(1000, DataSize.ofMegabytes(4), Duration.ofSeconds(2));
        sql = new EngineSqlService(engine, engine, tables, new WordEmbedding(8), limits);
        layouts = engine.create(new TableDefinition(
                "code_layouts",
                List.of(
                        Column.of("title", ColumnType.STRING, true),
                        Column.of("language", ColumnType.STRING, false),
                        Column.of("quality_score", ColumnType.FLOAT, false),
                        Column.of("stars", ColumnType.INT, false),
                        Column.of("open", ColumnType.BOOL, false),
                        Column.of("added", ColumnType.TIMESTAMP, false),
                        Column.of("facts", ColumnType.JSON, false),
                        Column.of("secret", ColumnType.STRING, false)
                                .withProperties(Map.of(ColumnFacts.HIDDEN, "true")),
                        Column.vector("embedding", 8, Metric.COSINE)
                                .withProperties(new ColumnFacts.Computed("title", "words", true, true).properties())),
                "title",
                Map.of(ColumnFacts.KIND, ColumnFacts.TABLE)));
        Table authors = engine.create(new TableDefinition(
                "Authors \"and\" more",
                List.of(Column.of("id", ColumnType.INT, true), Column.of("lang", ColumnType.STRING, false)),
                "id",
                Map.of(ColumnFacts.KIND, ColumnFacts.TABLE)));
        List<List<@Nullable Object>> rows = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 300; i++) {
            float[] vector = new float[8];
            for (int j = 0; j < 8; j++) {
                vector[j] = (float) random.nextDouble(-1, 1);
            }
            rows.add(Arrays.asList(
                    "title " + i,
                    List.of("ts", "js", "java").get(i % 3),
                    i / 30.0,
                    i % 7 == 0 ? null : (long) i,
                    i % 2 == 0,
                    DAY.plusSeconds(i),
                    "{\"area\": \"a" + i % 4 + "\", \"deep\": {\"flag\": " + (i % 2 == 0) + "}}",
                    "hidden",
                    i % 50 == 49 ? null : vector));
        }
        Fixtures.done(engine.write(layouts.id(), new Mutation.Insert(rows, OnConflict.ERROR)));
        Fixtures.done(engine.write(
                authors.id(),
                new Mutation.Insert(List.of(Arrays.asList(1L, "ts"), Arrays.asList(2L, "java")), OnConflict.ERROR)));
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    private static SqlAnswer query(String query, @Nullable Object... params) {
        try {
            return sql.query(query, Arrays.asList(params), Duration.ofSeconds(20))
                    .join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private static List<List<@Nullable Object>> rows(String query, @Nullable Object... params) {
        return query(query, params).rows();
    }

    @Test
    void selectsFiltersOrdersAndLimits() {
        SqlAnswer answer = query(
                "select title, quality_score as q, stars from code_layouts where quality_score >= ? and language in (?, ?)"
                        + " order by q desc, title limit 2 offset 1",
                9,
                "ts",
                "js");

        assertThat(answer.columns()).containsExactly("title", "q", "stars");
        assertThat(answer.rows())
                .containsExactly(List.of("title 297", 9.9, 297L), Arrays.asList("title 295", 295 / 30.0, 295L));
    }

    @Test
    void showsEachTypeAsUsersKnowIt() {
        SqlAnswer answer = query("select * from code_layouts where title = 'title 1'");

        assertThat(answer.columns())
                .containsExactly("title", "language", "quality_score", "stars", "open", "added", "facts");
        assertThat(answer.rows().getFirst())
                .containsExactly(
                        "title 1",
                        "js",
                        1 / 30.0,
                        1L,
                        false,
                        DAY.plusSeconds(1),
                        new SqlAnswer.Json("{\"area\": \"a1\", \"deep\": {\"flag\": false}}"));
        assertThat((float[]) rows("select embedding from code_layouts where title = 'title 1'")
                        .getFirst()
                        .getFirst())
                .hasSize(8);
    }

    @Test
    void comparesTimesAndBooleansAndReadsInsideJson() {
        assertThat(rows("select count(*) from code_layouts where added < ? and open = true", "2026-03-01T00:00:10Z"))
                .containsExactly(List.of(5L));
        assertThat(rows(
                        "select max(added) from code_layouts where added between ? and '2026-03-01T01:00:01+01:00'",
                        DAY.toString()))
                .containsExactly(List.of(DAY.plusSeconds(1)));
        assertThat(
                        rows(
                                "select facts.area, c.facts.deep.flag from code_layouts c where facts.deep.flag = false order by stars limit 1"))
                .containsExactly(List.of("a3", false));
    }

    @Test
    void groupsAndJoins() {
        assertThat(rows("select language, count(*) as n, avg(quality_score) > 4.99 as good from code_layouts"
                        + " group by language having count(*) > 1 order by language"))
                .containsExactly(List.of("java", 100L, true), List.of("js", 100L, false), List.of("ts", 100L, false));
        assertThat(rows("select a.id, count(distinct c.title) from code_layouts c join \"Authors \"\"and\"\" more\" a"
                        + " on a.lang = c.language where c.stars > 10 group by a.id order by 2, 1"))
                .hasSize(2);
        assertThat(rows(
                        "select x.lang, x.n from (select lang, count(*) n from \"Authors \"\"and\"\" more\" group by lang) x"
                                + " order by x.lang"))
                .containsExactly(List.of("java", 1L), List.of("ts", 1L));
        assertThat(
                        rows(
                                "select count(*) from code_layouts c where exists (select 1 from \"Authors \"\"and\"\" more\" a where"
                                        + " a.lang = c.language) and language not in (select lang from \"Authors \"\"and\"\" more\" where id = 1)"))
                .containsExactly(List.of(100L));
        assertThat(rows("select distinct upper(language) || '!' from code_layouts order by 1 limit 1"))
                .containsExactly(List.of("JAVA!"));
        assertThat(rows("select case when stars is null then 'none' else cast(stars as text) end from code_layouts"
                        + " where title in ('title 0', 'title 1') order by title"))
                .containsExactly(List.of("none"), List.of("1"));
    }

    @Test
    void findsTheNearestByTextAndByVectorAsTheEngineDoes() {
        float[] vector = {1, 0.5f, 0, 0, 0, 0, 0, -1};
        List<List<@Nullable Object>> fast = rows(
                "select title, similarity(embedding, ?) score from code_layouts where stars > ? and language = 'ts'"
                        + " order by score desc limit 7",
                vector,
                20);
        List<List<@Nullable Object>> slow = rows(
                "select title, similarity(embedding, ?) + 0 score from code_layouts where stars > ? and language = 'ts'"
                        + " order by score desc limit 7",
                vector,
                20);
        List<String> found = engine
                .search(layouts.id(), new VectorSearch("embedding", vector, 300, null, null, false, false))
                .hits()
                .stream()
                .filter(hit -> "ts".equals(hit.row().values().get(1)))
                .filter(hit -> hit.row().values().get(3) instanceof Long stars && stars > 20)
                .limit(7)
                .map(hit -> (String) hit.row().values().getFirst())
                .toList();

        assertThat(fast).extracting(List::getFirst).isEqualTo(found);
        assertThat(slow).extracting(List::getFirst).isEqualTo(found);
        assertThat(fast.getFirst().get(1)).isEqualTo(slow.getFirst().get(1));
        assertThat(rows("select title from code_layouts order by similarity(embedding, ?) desc limit 3", "some words"))
                .hasSize(3);
        assertThat(
                        rows(
                                "select title from code_layouts where similarity(embedding, 'some words') > 0.2 order by title"))
                .isNotEmpty();
        assertThat(rows(
                        "select title from code_layouts order by similarity(embedding, ?) desc limit 300",
                        "some words"))
                .hasSize(300);
    }

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
                "with x as (select 1) select * from x | must have no clauses but",
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
                "select * from pragma_table_info('rows_1') | is not allowed behind from",
                "select * from json_each('[1]') | is not allowed behind from",
                "select * from code_layouts where title match 'x' | query",
                "select readfile('/etc/passwd') | which is none of the functions that are allowed",
                "select writefile('/tmp/x', 'y') | none of the functions",
                "select load_extension('x') | none of the functions",
                "select edit('x') | none of the functions",
                "select fts3_tokenizer('x') | none of the functions",
                "select sqlite_version() | none of the functions",
                "select akidb_json('{}') | none of the functions",
                "select randomblob(1000000000) | none of the functions",
                "select zeroblob(1000000000) | none of the functions",
                "select printf('%1000000000s', 'x') | none of the functions",
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
                "select title into x from code_layouts | must have no clauses but",
                "select title from code_layouts for update | must have no clauses but",
                "select top 3 title from code_layouts | must have no clauses but",
                "select title from code_layouts fetch first 3 rows only | must have no clauses but",
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
                "select group_concat(title order by title) from code_layouts | none of the functions",
                "select sum(*) from code_layouts | takes a star only in count",
                "select title from code_layouts where sum(stars) > 1 | cannot be run",
                "select similarity(title, 'x') from code_layouts | is no embedding column",
                "select similarity(embedding, title) from code_layouts | must be similarity(",
                "select similarity(embedding) from code_layouts | must be similarity(",
                "select title.area from code_layouts | is no JSON column",
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
                .hasMessageContaining("params[0] must be a point in time");
    }

    @Test
    void bindsWhateverLooksLikeSql() {
        String nasty = "x'; drop table code_layouts; --";

        assertThat(rows("select count(*) from code_layouts where title = ?", nasty))
                .containsExactly(List.of(0L));
        assertThat(rows("select ?, 'it''s -- \"fine\"' as \"odd \"\" name; --\"", nasty))
                .containsExactly(List.of(nasty, "it's -- \"fine\""));
        assertThat(rows("select /* a comment */ 1 -- and another")).containsExactly(List.of(1L));
        assertThat(rows("select count(*) from code_layouts \"'); drop\"")).containsExactly(List.of(300L));
    }

    @Test
    void endsWhatTakesTooLongOrIsTooLarge() {
        String product = "code_layouts a cross join code_layouts b cross join code_layouts c cross join code_layouts d";

        assertThat(catchThrowable(() -> query("select count(*) from " + product + " cross join code_layouts e")))
                .isInstanceOf(DeadlineExceededException.class)
                .hasMessageContaining("took longer than 2000 ms");
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

    @Test
    void readsOrRefusesAnySequenceOfPieces() {
        List<String> pieces = List.of(
                "select",
                "from",
                "where",
                "code_layouts",
                "title",
                "embedding",
                "c",
                "*",
                ",",
                "(",
                ")",
                "=",
                "<",
                ">",
                "and",
                "or",
                "not",
                "in",
                "like",
                "between",
                "is null",
                "group by",
                "order by",
                "having",
                "limit",
                "offset",
                "1",
                "'x'",
                "?",
                "count(",
                "similarity(",
                "as",
                "join",
                "left join",
                "on",
                "case when",
                "then",
                "else",
                "end",
                "distinct",
                "union",
                ";",
                "--",
                "/*",
                "*/",
                "with",
                "values",
                "exists",
                "cast(",
                "as int)",
                "||",
                "+",
                "-",
                "/",
                "\"",
                "`",
                "[",
                "]",
                "é",
                "😀",
                "null",
                "true",
                "sqlite_master",
                "over (",
                "pragma",
                "desc",
                "facts.area");
        long seed = Long.getLong("akidb.test.seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 1_500; round++) {
            StringBuilder text = new StringBuilder("select ");
            for (int i = random.nextInt(14); i > 0; i--) {
                text.append(pieces.get(random.nextInt(pieces.size()))).append(' ');
            }
            if (random.nextBoolean()) {
                text.append("from code_layouts c limit 3");
            }
            Throwable failure = catchThrowable(() -> query(text.toString(), "words"));
            assertThat(failure)
                    .as("seed %s: %s", seed, text)
                    .satisfiesAnyOf(
                            none -> assertThat(none).isNull(),
                            refused -> assertThat(refused)
                                    .isInstanceOf(AkidbException.class)
                                    .isNotInstanceOf(com.akidb.error.InternalException.class));
        }
    }
}
