package com.akidb.table.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.account.Account;
import com.akidb.collection.TestCollections;
import com.akidb.collection.WordEmbedding;
import com.akidb.engine.Alteration;
import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.Fixtures;
import com.akidb.engine.Mutation;
import com.akidb.engine.OnConflict;
import com.akidb.engine.Table;
import com.akidb.engine.TableDefinition;
import com.akidb.engine.VectorSearch;
import com.akidb.query.Json;
import com.akidb.table.ColumnEmbedder;
import com.akidb.table.ColumnFacts;
import com.akidb.table.SearchService;
import com.akidb.table.SqlProperties;
import com.akidb.table.SqlService.SqlAnswer;
import com.akidb.table.TableDirectory;
import com.akidb.table.search.TestSearches;
import com.akidb.vector.Metric;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

/** What selects answer. */
class SqlSelectTests extends SqlFixture {

    @Test
    void selectsFiltersOrdersAndLimits() {
        SqlAnswer answer = query(
                "select title, quality_score as q, stars from code_layouts where quality_score >= ? and language in"
                        + " (?, ?) order by q desc, title limit 2 offset 1",
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
                        new Json("{\"area\": \"a1\", \"deep\": {\"flag\": false}}"));
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
        assertThat(rows("select facts.area, c.facts.deep.flag from code_layouts c where facts.deep.flag ="
                        + " false order by stars limit 1"))
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
        assertThat(rows("select x.lang, x.n from (select lang, count(*) n from \"Authors \"\"and\"\" more\" group by"
                        + " lang) x order by x.lang"))
                .containsExactly(List.of("java", 1L), List.of("ts", 1L));
        assertThat(rows("select count(*) from code_layouts c where exists (select 1 from \"Authors \"\"and\"\""
                        + " more\" a where a.lang = c.language) and language not in (select lang from"
                        + " \"Authors \"\"and\"\" more\" where id = 1)"))
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
                .reader(layouts.id())
                .search(new VectorSearch("embedding", vector, 300, null, null, false, false))
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
        assertThat(rows("select title from code_layouts where similarity(embedding, 'some words') > 0.2 order"
                        + " by title"))
                .isNotEmpty();
        assertThat(rows(
                        "select title from code_layouts order by similarity(embedding, ?) desc limit 300",
                        "some words"))
                .hasSize(300);
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
    void embedsAnewIfTheColumnHasOtherDimensionsOnceItIsSearched() {
        Map<String, String> computed = new ColumnFacts.Computed("title", "words", true, true).properties();
        Table swapped = engine.create(new TableDefinition(
                "swapped",
                List.of(
                        Column.of("title", ColumnType.STRING, true),
                        Column.vector("v", 8, Metric.COSINE).withProperties(computed)),
                "title",
                Map.of(ColumnFacts.KIND, ColumnFacts.TABLE)));
        float[] vector = new float[8];
        vector[0] = 1;
        Fixtures.done(engine.write(
                swapped.id(), new Mutation.Insert(List.of(Arrays.asList("one", vector)), OnConflict.ERROR)));
        ColumnEmbedder embedder = TestCollections.embedder(new WordEmbedding(8), 4);
        SearchService real = TestSearches.of(engine, embedder, 100, Runnable::run);
        AtomicInteger searches = new AtomicInteger();
        EngineSqlService changing = new EngineSqlService(
                engine,
                new TableDirectory(engine),
                embedder,
                search -> {
                    if (searches.incrementAndGet() == 1) {
                        engine.alter(swapped.id(), new Alteration.DropColumn("v"));
                        engine.alter(
                                swapped.id(),
                                new Alteration.AddColumn(
                                        Column.vector("v", 4, Metric.COSINE).withProperties(computed), null));
                    }
                    return real.search(search);
                },
                new SqlProperties(1000, DataSize.ofMegabytes(4), Duration.ofSeconds(20)));

        SqlAnswer answer = changing.query(
                        "select title from swapped order by similarity(v, ?) desc limit 1",
                        List.of("one"),
                        Duration.ofSeconds(20),
                        Account.SERVER)
                .join();

        assertThat(answer.rows()).containsExactly(List.of("one"));
        assertThat(searches).hasValue(2);
    }
}
