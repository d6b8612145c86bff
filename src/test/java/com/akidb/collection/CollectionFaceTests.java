package com.akidb.collection;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.account.Account;
import com.akidb.collection.CollectionService.Document;
import com.akidb.collection.CollectionService.DocumentChange;
import com.akidb.collection.CollectionService.DocumentHits;
import com.akidb.collection.CollectionService.DocumentPage;
import com.akidb.collection.CollectionService.NewCollection;
import com.akidb.collection.CollectionService.NewDocument;
import com.akidb.embedding.EmbeddingRequest.InputType;
import com.akidb.engine.ColumnType;
import com.akidb.engine.IndexStatus;
import com.akidb.engine.RowSelection;
import com.akidb.engine.VectorSearch;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import com.akidb.query.Sort;
import com.akidb.table.Projection.Selected;
import com.akidb.table.RowService;
import com.akidb.table.Search;
import com.akidb.table.Search.Diversity;
import com.akidb.table.Search.Form;
import com.akidb.table.Search.Grouping;
import com.akidb.table.Search.Hybrid;
import com.akidb.table.Search.Probe;
import com.akidb.table.Search.Ranking;
import com.akidb.vector.Metric;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What collections have because they are tables. */
class CollectionFaceTests extends CollectionFixture {

    private static final Probe FOX = new Probe.Text("fox", InputType.QUERY);

    @BeforeEach
    void fill() {
        service.create(new NewCollection("notes", 8, Metric.COSINE, null));
        batch(
                new NewDocument("a1", "red fox", vector(1, 0), "{\"by\":\"ada\",\"n\":1}"),
                new NewDocument("a2", "grey fox", vector(0.99f, 0.1f), "{\"by\":\"ada\",\"n\":2}"),
                new NewDocument("b1", "old wolf", vector(0.9f, 0.4f), "{\"by\":\"bob\",\"n\":3}"),
                new NewDocument("b2", "young wolf", vector(0.5f, 0.8f), "{\"by\":\"bob\",\"n\":4}"),
                new NewDocument("c1", "zebra crossing", vector(0, 1), null));
    }

    private static float[] vector(float x, float y) {
        return new float[] {x, y, 0, 0, 0, 0, 0, 0};
    }

    private static Predicate by(String who) {
        return new Predicate.Compare(new FieldPath("metadata", List.of("by")), Predicate.Operator.EQUAL, who);
    }

    private List<String> ids(DocumentHits hits) {
        return hits.hits().stream().map(hit -> hit.document().id()).toList();
    }

    private DocumentHits find(Probe probe, int k, Ranking ranking) {
        return join(service.search(searchFor("notes", probe, k, null, null, false, ranking, false), true));
    }

    @Test
    void searchesByADocumentWhichIsNotAmongTheAnswer() {
        assertThat(ids(find(new Probe.Like("a1"), 2, Ranking.BY_SIMILARITY))).containsExactly("a2", "b1");
        NotFoundException gone =
                failure(NotFoundException.class, () -> find(new Probe.Like("zz"), 2, Ranking.BY_SIMILARITY));
        assertThat(gone.detail()).isEqualTo("Document 'zz' not found");
        assertThat(gone.field()).hasValue("like.id");
    }

    @Test
    void passesOverTheNearest() {
        Search all = searchFor("notes", new Probe.Vector(vector(1, 0)), 2);
        Search second = new Search(
                all.schema(),
                all.column(),
                all.probe(),
                2,
                1,
                null,
                null,
                false,
                VectorSearch.Options.DEFAULT,
                Ranking.BY_SIMILARITY,
                false,
                Form.COLLECTION,
                PATIENCE,
                Account.SERVER);

        assertThat(ids(join(service.search(second, true)))).containsExactly("a2", "b1");
    }

    @Test
    void searchesByWordsTooOnceTheTextsAreIndexed() {
        Hybrid zebra = new Hybrid(List.of(CollectionService.TEXT), "zebra", 1, 1);
        Ranking hybrid = new Ranking(zebra, null, null, List.of());
        Probe far = new Probe.Vector(vector(1, 0));
        InvalidInputException refused = failure(InvalidInputException.class, () -> find(far, 2, hybrid));
        assertThat(refused.field()).hasValue("hybrid");
        assertThat(refused.detail()).contains("PUT /collections/").contains("text-index");

        assertThat(service.textIndex("notes")).isNull();
        assertThat(service.createTextIndex("notes")).isTrue();
        assertThat(service.createTextIndex("notes")).isFalse();
        awaitIndex("notes");

        DocumentHits hits = find(far, 2, hybrid);
        assertThat(ids(hits)).contains("c1");
        assertThat(hits.hits()).allSatisfy(hit -> assertThat(hit.ranks()).isNotNull());
        one(new NewDocument("c2", "zebra again", vector(0, 1), null));
        assertThat(ids(find(far, 3, hybrid))).contains("c1", "c2");
        assertThat(service.dropTextIndex("notes")).isTrue();
        failure(InvalidInputException.class, () -> find(far, 2, hybrid));
    }

    @Test
    void findsTextsWithoutSpacesByAnyPartOfThem() {
        service.createTextIndex("notes");
        awaitIndex("notes");
        one(new NewDocument("ja", "東京タワーでLinuxカーネルを学ぶ", vector(0, 1), null));
        one(new NewDocument("zh", "我们在北京大学学习", vector(0, 1), null));

        Map.of("タワー", "ja", "linux", "ja", "学ぶ", "ja", "大学", "zh", "北", "zh").forEach((words, id) -> {
            Hybrid hybrid = new Hybrid(List.of(CollectionService.TEXT), words, 0, 1);
            DocumentHits hits = find(new Probe.Vector(vector(1, 0)), 1, new Ranking(hybrid, null, null, List.of()));
            assertThat(ids(hits)).as(words).containsExactly(id);
        });
    }

    @Test
    void indexesTheTextsOfACollectionThatWasDeclaredSo() {
        service.create(new NewCollection("words", 8, Metric.COSINE, null, true));

        awaitIndex("words");
    }

    /** Building ends by itself; looking costs little. */
    private void awaitIndex(String collection) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        IndexStatus index = service.textIndex(collection);
        while (index == null || !index.state().equals("ready")) {
            assertThat(System.nanoTime()).as("still " + index).isLessThan(end);
            Thread.onSpinWait();
            index = service.textIndex(collection);
        }
    }

    @Test
    void prefersDocumentsThatAreUnlikeOneAnother() {
        Ranking diverse = new Ranking(null, new Diversity(0.3f, 10), null, List.of());

        assertThat(ids(find(new Probe.Vector(vector(1, 0)), 2, diverse)))
                .startsWith("a1")
                .doesNotContain("a2");
    }

    @Test
    void groupsByAFieldOfTheMetadata() {
        Selected.Field author = new Selected.Field("by", new FieldPath("metadata", List.of("by")), ColumnType.JSON);
        Probe near = new Probe.Vector(vector(1, 0));
        DocumentHits best = find(near, 2, new Ranking(null, null, new Grouping(author, 1), List.of()));
        assertThat(ids(best)).containsExactly("a1", "b1");
        assertThat(Objects.requireNonNull(best.hits().getFirst().group()).toString())
                .contains("ada");

        DocumentHits two = find(near, 5, new Ranking(null, null, new Grouping(author, 2), List.of()));
        assertThat(ids(two)).containsExactly("a1", "a2", "b1", "b2");
        failure(
                InvalidInputException.class,
                () -> find(near, 1_000, new Ranking(null, null, new Grouping(author, 2), List.of())));
    }

    @Test
    void ordersAllThatPassNotTheNearestAlone() {
        Sort idDown = new Sort(FieldPath.column("id"), true);
        Sort scoreUp = new Sort(FieldPath.column(RowService.SCORE), false);
        Sort scoreDown = new Sort(FieldPath.column(RowService.SCORE), true);
        Probe near = new Probe.Vector(vector(1, 0));

        assertThat(ids(find(near, 2, ordered(idDown)))).containsExactly("c1", "b2");
        assertThat(ids(find(near, 3, ordered(scoreUp)))).containsExactly("c1", "b2", "b1");
        assertThat(ids(find(near, 2, ordered(scoreDown, idDown)))).containsExactly("a1", "a2");
        Search similar = searchFor("notes", near, 2, null, 0.5f, false, ordered(idDown), false);
        assertThat(ids(join(service.search(similar, true)))).containsExactly("b2", "b1");
        Search bobs = searchFor("notes", near, 9, by("bob"), null, false, ordered(idDown, scoreUp), false);
        assertThat(ids(join(service.search(bobs, true)))).containsExactly("b2", "b1");
    }

    private static Ranking ordered(Sort... order) {
        return new Ranking(null, null, null, List.of(order));
    }

    @Test
    void embedsAQueryAsADocumentWhenAskedTo() {
        find(new Probe.Text("fox", InputType.DOCUMENT), 1, Ranking.BY_SIMILARITY);
        assertThat(embedding.requests.getLast().inputType()).isEqualTo(InputType.DOCUMENT);
        find(FOX, 1, Ranking.BY_SIMILARITY);
        assertThat(embedding.requests.getLast().inputType()).isEqualTo(InputType.QUERY);
    }

    @Test
    void listsAndCountsWhatAFilterLetsThrough() {
        assertThat(service.count("notes", by("bob"))).isEqualTo(2);
        assertThat(service.count("notes", null)).isEqualTo(5);
        DocumentPage first = service.documents("notes", by("bob"), "", 1, false);
        assertThat(first.documents()).extracting(Document::id).containsExactly("b1");
        assertThat(service.documents("notes", by("bob"), Objects.requireNonNull(first.nextCursor()), 1, false)
                        .documents())
                .extracting(Document::id)
                .containsExactly("b2");
    }

    @Test
    void getsManyByTheirIdsInTheirOrder() {
        assertThat(service.documents("notes", List.of("c1", "none", "a1"), true))
                .extracting(Document::id)
                .containsExactly("c1", "a1");
        assertThat(refused(() -> service.documents("notes", List.of(), true))).isEqualTo("ids cannot be empty");
    }

    @Test
    void deletesWhatAFilterOrIdsChoose() {
        assertThat(join(service.deleteDocuments("notes", new RowSelection.Where(by("bob")), Account.SERVER)))
                .isEqualTo(2);
        assertThat(join(service.deleteDocuments("notes", RowSelection.keys("c1", "none"), Account.SERVER)))
                .isEqualTo(1);
        assertThat(ids(find(FOX, 10, Ranking.BY_SIMILARITY))).containsExactlyInAnyOrder("a1", "a2");
    }

    @Test
    void givesDocumentsOtherMetadataAndFindsThemByIt() {
        DocumentChange toCarl = new DocumentChange(null, null, true, "{\"by\":\"carl\"}");

        assertThat(join(service.updateDocuments("notes", new RowSelection.Where(by("bob")), toCarl, Account.SERVER)))
                .isEqualTo(2);

        assertThat(service.count("notes", by("bob"))).isZero();
        Search carls = searchFor("notes", FOX, 10, by("carl"), null, false, Ranking.BY_SIMILARITY, false);
        assertThat(ids(join(service.search(carls, true)))).containsExactlyInAnyOrder("b1", "b2");
        DocumentChange text = new DocumentChange("one text for all", null, false, null);
        assertThat(refused(() -> join(
                        service.updateDocuments("notes", new RowSelection.Where(by("ada")), text, Account.SERVER))))
                .isEqualTo("text can be changed for one document at a time only");
    }

    @Test
    void embedsTheNewTextOfADocument() {
        join(service.updateDocument(
                "notes", "a1", new DocumentChange("blue whale", null, false, null), PATIENCE, Account.SERVER));

        Document changed = service.document("notes", "a1", true);
        assertThat(changed.text()).isEqualTo("blue whale");
        assertThat(changed.metadata()).isEqualTo("{\"by\":\"ada\",\"n\":1}");
        assertThat(changed.vector()).isNotEqualTo(vector(1, 0));
        assertThat(embedding.requests.getLast().texts()).containsExactly("blue whale");
        failure(
                NotFoundException.class,
                () -> join(service.updateDocument(
                        "notes", "none", new DocumentChange(null, null, true, null), PATIENCE, Account.SERVER)));
        assertThat(refused(() -> join(service.updateDocument(
                        "notes", "a1", new DocumentChange(null, null, false, null), PATIENCE, Account.SERVER))))
                .isEqualTo("text, vector or metadata is needed: nothing is to be changed");
    }
}
