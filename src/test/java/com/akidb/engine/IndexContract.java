package com.akidb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.error.ConflictException;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import com.akidb.query.Predicate.Operator;
import com.akidb.query.Sort;
import com.akidb.vector.Metric;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How engines keep ordered and inverted indexes. */
public abstract class IndexContract extends TableEngineContract {

    @Test
    void findsRowsByTheirWordsAndFollowsEveryWrite() {
        Table table = engine.create(Fixtures.documents("t"));
        put(table, "a", "The ford is knee deep after rain", 1, 0);
        put(table, "b", "The hut serves soup", 1, 0);
        create(table, "words", IndexMethod.TEXT, "text");
        put(table, "c", "Bridge closed: RAIN, rain and Éclairs", 1, 0);
        assertThat(found(table, "rain")).containsExactly("c", "a");
        assertThat(found(table, "eclair éclairs")).containsExactly("c");
        assertThat(found(table, "soup ford")).containsExactlyInAnyOrder("a", "b");
        put(table, "a", "nothing of the sort", 1, 0);
        assertThat(found(table, "rain")).containsExactly("c");
        Fixtures.done(
                engine.write(table.id(), new Mutation.Update(RowSelection.keys("b"), Map.of("text", "more rain"))));
        assertThat(found(table, "rain")).containsExactlyInAnyOrder("b", "c");
        assertThat(found(table, "soup")).isEmpty();
        delete(table, "c");
        assertThat(found(table, "rain")).containsExactly("b");
        reopen();
        assertThat(found(table, "rain")).containsExactly("b");
    }

    @Test
    void findsWhatIsWrittenWithoutSpacesByAnyPartOfIt() {
        Table table = engine.create(Fixtures.documents("t"));
        put(table, "zh", "我们在北京大学图书馆学习，天气很好。", 1, 0);
        put(table, "ja", "東京タワーの近くで桜が咲いた。Linuxカーネル6.1を使う", 1, 0);
        put(table, "half", "ﾊﾟｿｺﾝ教室　ＵＮＩＸ入門", 1, 0);
        create(table, "words", IndexMethod.TEXT, "text");
        put(table, "ko", "한국어를 공부하는 학교에서", 1, 0);
        put(table, "th", "ภาษาไทยง่ายมาก", 1, 0);
        put(table, "rare", "𠮷野家の牛丼", 1, 0);
        put(table, "hi", "हिन्दी में लिखा", 1, 0);
        String[][] found = {
            {"大学", "zh"},
            {"图书馆", "zh"},
            {"天气", "zh"},
            {"好", "zh"},
            {"学习", "zh"},
            {"桜", "ja"},
            {"タワー", "ja"},
            {"linux", "ja"},
            {"カーネル", "ja"},
            {"使う", "ja"},
            {"東京", "ja"},
            {"パソコン", "half"},
            {"unix", "half"},
            {"ﾊﾟｿｺﾝ", "half"},
            {"한국어", "ko"},
            {"학교", "ko"},
            {"ไทย", "th"},
            {"ง่าย", "th"},
            {"𠮷野家", "rare"},
            {"丼", "rare"},
            {"हिन्दी", "hi"}
        };
        for (String[] each : found) {
            assertThat(found(table, each[0])).as(each[0]).containsExactly(each[1]);
        }
        for (String absent : List.of("京北", "馆北", "犬", "タクシー", "हन", "桜桜")) {
            assertThat(found(table, absent)).as(absent).isEmpty();
        }
        put(table, "more", "北京的大学很多，这所大学也在北京，图书馆不在", 1, 0);
        assertThat(found(table, "北京大学图书馆")).startsWith("zh").contains("more");
        reopen();
        assertThat(found(table, "天气")).containsExactly("zh");
        delete(table, "zh");
        assertThat(found(table, "天气")).isEmpty();
    }

    @Test
    void takesNothingThatPeopleTypeForSyntax() {
        Table table = engine.create(Fixtures.documents("t"));
        create(table, "words", IndexMethod.TEXT, "text");
        put(table, "a", "NEAR AND OR NOT t2 foo-bar \ud83d\ude00 自然", 1, 0);
        for (String words : List.of(
                "AND",
                "NOT",
                "NEAR(",
                "foo-bar",
                "\"foo",
                "t2:",
                "foo*",
                "^foo",
                "{t2} : foo",
                "'; DROP TABLE rows_1; --foo",
                "自然")) {
            assertThat(found(table, words)).as(words).containsExactly("a");
        }
        for (String words : List.of("", " ", "\"", "*", "()", "\0", "\ud83d", "\ud83d\ude00", "nobody", "fo")) {
            assertThat(found(table, words)).as(words).isEmpty();
        }
        String long1 = IntStream.range(0, 10_000).mapToObj(i -> "w" + i).collect(Collectors.joining(" "));
        assertThat(found(table, long1)).isEmpty();
        assertThat(found(table, "foo " + long1)).containsExactly("a");
    }

    @Test
    void ranksByBm25WithinFiltersAndOverSeveralColumns() {
        Table table = engine.create(new TableDefinition(
                "t",
                List.of(
                        Column.of("id", ColumnType.STRING, true),
                        Column.of("title", ColumnType.STRING, false),
                        Column.of("body", ColumnType.STRING, false),
                        Column.of("quality", ColumnType.INT, false)),
                "id",
                Map.of()));
        insert(
                table,
                OnConflict.ERROR,
                Arrays.asList("a", "rivers", "rain on rivers and hills", 1L),
                Arrays.asList("b", "hills", "rain", 2L),
                Arrays.asList("c", null, null, 3L),
                Arrays.asList("d", "rain", "snow over the pass", 4L),
                Arrays.asList("e", "x", "y", 5L));
        create(table, "both", IndexMethod.TEXT, "title", "body");
        List<TextSearch.TextHit> hits = search(table, List.of("title", "body"), "rain", null);
        assertThat(keys(table, hits)).containsExactlyInAnyOrder("a", "b", "d").startsWith("b");
        assertThat(hits).isSortedAccordingTo((x, y) -> Double.compare(y.score(), x.score()));
        assertThat(hits).allMatch(hit -> hit.score() > 0);
        assertThat(keys(table, search(table, List.of("title"), "rain", null))).containsExactly("d");
        Predicate good = new Predicate.Compare(FieldPath.column("quality"), Operator.GREATER, 1L);
        assertThat(keys(table, search(table, List.of("body"), "rain snow", good)))
                .containsExactlyInAnyOrder("b", "d");
        create(table, "body only", IndexMethod.TEXT, "body");
        engine.dropIndex(table.id(), "both");
        assertThatThrownBy(() -> search(table, List.of("title"), "rain", null))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'title'");
        create(table, "title only", IndexMethod.TEXT, "title");
        assertThat(keys(table, search(table, List.of("title", "body"), "rain rivers", good)))
                .containsExactlyInAnyOrder("b", "d");
        assertThat(keys(table, search(table, List.of("title", "body"), "rain rivers", null)))
                .startsWith("a")
                .hasSize(3);
    }

    @Test
    void buildsOverTheRowsThatAreThereWhileOthersComeAndGo() {
        Table table = engine.create(Fixtures.documents("t"));
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int i = 0; i < 3_500; i++) {
            rows.add(Arrays.asList("k" + i, "word" + i % 7 + " every", null, null));
        }
        Fixtures.done(engine.write(table.id(), new Mutation.Insert(rows, OnConflict.ERROR)));
        IndexStatus begun = engine.createIndex(table.id(), index("words", IndexMethod.TEXT, "text"));
        assertThat(begun.state()).isIn("building", "ready");
        for (int i = 0; i < 50; i++) {
            delete(table, "k" + i * 70);
            Fixtures.done(engine.write(
                    table.id(), new Mutation.Update(RowSelection.keys("k" + (i * 70 + 1)), Map.of("text", "changed"))));
        }
        ready(table, "words");
        RowQuery all = new RowQuery(null, List.of(), null, 0, 10_000, Long.MAX_VALUE, false);
        List<String> expected = engine.reader(table.id()).query(all).rows().stream()
                .filter(row -> row.values().get(1).equals("word3 every"))
                .map(row -> (String) row.values().getFirst())
                .sorted()
                .toList();
        assertThat(keys(
                        table,
                        engine.reader(table.id()).searchText(new TextSearch(List.of("text"), "word3", 10_000, null))))
                .isSubsetOf(expected)
                .hasSameSizeAs(expected);
        assertThat(engine.reader(table.id()).searchText(new TextSearch(List.of("text"), "changed", 10_000, null)))
                .hasSize(50);
        assertThat(status(table, "words").rows()).isEqualTo(3_450);
        engine.rebuildIndex(table.id(), "words");
        assertThat(engine.reader(table.id()).searchText(new TextSearch(List.of("text"), "changed", 10_000, null)))
                .hasSize(50);
        ready(table, "words");
        assertThat(engine.reader(table.id()).searchText(new TextSearch(List.of("text"), "changed every", 10_000, null)))
                .hasSize(3_450);
    }

    @Test
    void findsRareWordsAmongFrequentOnesInLargeTables() {
        Table table = engine.create(Fixtures.documents("t"));
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int i = 0; i < 12_000; i++) {
            rows.add(Arrays.asList("k" + i, i == 777 ? "the rare one" : i == 9_999 ? "a rare" : "the", null, null));
        }
        Fixtures.done(engine.write(table.id(), new Mutation.Insert(rows, OnConflict.ERROR)));
        create(table, "words", IndexMethod.TEXT, "text");
        assertThat(found(table, "the rare one")).containsExactly("k777", "k9999");
        assertThat(found(table, "the")).hasSize(100);
        assertThat(found(table, "the nobody")).hasSize(100);
    }

    @Test
    void usesOrderedIndexesWhereTheyHelpAndAnswersTheSame() {
        Table table = engine.create(Fixtures.everyType("t"));
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<List<@Nullable Object>> rows = new ArrayList<>();
        long[] wholes = {0, 1, (1L << 53) - 1, 1L << 53, (1L << 53) + 1, Long.MAX_VALUE, Long.MIN_VALUE};
        for (int i = 0; i < 500; i++) {
            long whole = wholes[random.nextInt(wholes.length)];
            rows.add(Arrays.asList(
                    "k" + i,
                    random.nextInt(5) == 0 ? null : (Object) whole,
                    (double) whole,
                    i % 2 == 0,
                    null,
                    null,
                    null));
        }
        Fixtures.done(engine.write(table.id(), new Mutation.Insert(rows, OnConflict.ERROR)));
        List<Predicate> predicates = new ArrayList<>();
        for (String column : List.of("int", "float")) {
            for (Operator operator : Operator.values()) {
                for (long whole : wholes) {
                    predicates.add(new Predicate.Compare(FieldPath.column(column), operator, whole));
                    predicates.add(new Predicate.Compare(FieldPath.column(column), operator, (double) whole));
                    predicates.add(new Predicate.Compare(FieldPath.column(column), operator, 0.5));
                }
            }
        }
        List<Long> before =
                predicates.stream().map(p -> engine.reader(table.id()).count(p)).toList();
        create(table, "whole \"index\"", IndexMethod.BTREE, "int", "bool");
        create(table, "reals", IndexMethod.BTREE, "float");
        assertThat(predicates.stream()
                        .map(p -> engine.reader(table.id()).count(p))
                        .toList())
                .as("seed %d", seed)
                .isEqualTo(before);
        RowQuery query = new RowQuery(
                new Predicate.Compare(FieldPath.column("int"), Operator.EQUAL, 7L),
                List.of(new Sort(FieldPath.column("bool"), false)),
                null,
                0,
                10,
                Long.MAX_VALUE,
                false);
        assertThat(String.join("\n", engine.reader(table.id()).explain(query)))
                .contains("'whole \"index\"'", "'int'")
                .doesNotContain("index_");
        engine.rebuildIndex(table.id(), "reals");
        ready(table, "reals");
        reopen();
        assertThat(engine.indexes(table.id()))
                .extracting(IndexStatus::definition)
                .contains(
                        index("whole \"index\"", IndexMethod.BTREE, "int", "bool"),
                        index("reals", IndexMethod.BTREE, "float"));
        assertThat(engine.dropIndex(table.id(), "whole \"index\"")).isTrue();
        assertThat(engine.dropIndex(table.id(), "whole \"index\"")).isFalse();
        assertThat(String.join("\n", engine.reader(table.id()).explain(query))).doesNotContain("whole");
        assertThatThrownBy(() -> engine.rebuildIndex(table.id(), "nobody")).isInstanceOf(NotFoundException.class);
    }

    @Test
    void comesToAnEndWithVectorIndexesOfAFewRows() {
        Table table = engine.create(Fixtures.documents("t"));
        put(table, "a", "some words", 1, 0);
        for (IndexMethod method : List.of(IndexMethod.HNSW, IndexMethod.IVFFLAT)) {
            String name = "near " + method;
            Metric metric = method == IndexMethod.HNSW ? Metric.COSINE : Metric.EUCLIDEAN;
            engine.createIndex(
                    table.id(), new IndexDefinition(name, List.of("vector"), method, metric, Map.of("lists", 10)));
            ready(table, name);
            engine.rebuildIndex(table.id(), name);
            ready(table, name);
            put(table, "b", "more words", 0, 1);
            ready(table, name);
        }
        assertThat(engine.reader(table.id()).search(Fixtures.search(5, 1, 0)).hits())
                .hasSize(2);
    }

    @Test
    void dropsIndexesWithTheirColumnsAndKeepsThemThroughOtherAlterations() {
        Table table = engine.create(Fixtures.documents("t"));
        put(table, "a", "some words", 1, 0);
        create(table, "words", IndexMethod.TEXT, "text");
        create(table, "tree", IndexMethod.BTREE, "text", "id");
        engine.alter(table.id(), new Alteration.RenameColumn("text", "body"));
        engine.alter(table.id(), new Alteration.DropColumn("metadata"));
        engine.alter(
                table.id(),
                new Alteration.AddColumn(
                        Column.of("more", ColumnType.STRING, false).withDefault("d"), null));
        assertThat(status(table, "tree").definition()).isEqualTo(index("tree", IndexMethod.BTREE, "body", "id"));
        assertThat(search(table, List.of("body"), "words", null)).hasSize(1);
        engine.alter(table.id(), new Alteration.DropColumn("body"));
        assertThat(engine.indexes(table.id())).allMatch(status -> status.definition() == null);
        insert(table, OnConflict.ERROR, Arrays.asList("b", null, "x"));
        reopen();
        assertThat(engine.indexes(table.id())).allMatch(status -> status.definition() == null);
        create(table, "words", IndexMethod.TEXT, "more");
        assertThat(search(table, List.of("more"), "x d", null)).hasSize(2);
        assertThat(engine.drop(table.id())).isTrue();
    }

    @Test
    void refusesIndexesThatCannotBe() {
        Table table = engine.create(Fixtures.documents("t"));
        create(table, "taken", IndexMethod.BTREE, "text");
        assertThatThrownBy(() -> engine.createIndex(table.id(), index("taken", IndexMethod.BTREE, "id")))
                .isInstanceOf(ConflictException.class);
        for (IndexDefinition wrong : List.of(
                index("", IndexMethod.BTREE, "text"),
                index("x", IndexMethod.BTREE),
                index("x", IndexMethod.BTREE, "text", "text"),
                index("x", IndexMethod.BTREE, "nothing"),
                index("x", IndexMethod.BTREE, "metadata"),
                index("x", IndexMethod.BTREE, "vector"),
                index("x", IndexMethod.TEXT, "metadata"),
                index("x", IndexMethod.HNSW, "vector"))) {
            assertThatThrownBy(() -> engine.createIndex(table.id(), wrong)).isInstanceOf(InvalidInputException.class);
        }
        assertThatThrownBy(() -> search(table, List.of("text"), "x", null)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> search(table, List.of(), "x", null)).isInstanceOf(InvalidInputException.class);
    }

    private static IndexDefinition index(String name, IndexMethod method, String... columns) {
        return new IndexDefinition(name, List.of(columns), method, null, Map.of());
    }

    private void create(Table table, String name, IndexMethod method, String... columns) {
        engine.createIndex(table.id(), index(name, method, columns));
        ready(table, name);
    }

    private void ready(Table table, String name) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> status(table, name).state().equals("ready"));
        assertThat(status(table, name).percent()).isEqualTo(100);
    }

    private IndexStatus status(Table table, String name) {
        return engine.indexes(table.id()).stream()
                .filter(status -> status.definition() != null
                        && status.definition().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private List<TextSearch.TextHit> search(
            Table table, List<String> columns, String words, @Nullable Predicate filter) {
        return engine.reader(table.id()).searchText(new TextSearch(columns, words, 100, filter));
    }

    private List<String> found(Table table, String words) {
        return keys(table, search(table, List.of("text"), words, null));
    }

    private List<String> keys(Table table, List<TextSearch.TextHit> hits) {
        long[] ids = hits.stream().mapToLong(TextSearch.TextHit::rowId).toArray();
        return engine.reader(table.id()).rows(ids, false).stream()
                .map(row -> row == null ? "gone" : (String) row.values().getFirst())
                .toList();
    }
}
