package com.akidb.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.akidb.embedding.InputType;
import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.OnConflict;
import com.akidb.engine.TableDefinition;
import com.akidb.error.AkidbException;
import com.akidb.error.ConflictException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.error.OverloadedException;
import com.akidb.table.Futures;
import com.akidb.vector.Metric;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CollectionServiceTests {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final float[] UNIT = {1, 0, 0, 0, 0, 0, 0, 0};

    private final MemoryTableEngine engine = new MemoryTableEngine();
    private final WordEmbedding embedding = new WordEmbedding(8);
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final CollectionService service = TestCollections.create(
            engine, embedding, new CollectionProperties(4_096, 1_000, 50, 2, 0), InstantSource.system(), threads);

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void createsListsFindsAndDeletesCollections() {
        Collection made = service.create(new NewCollection("notes", null, Metric.COSINE, null));
        assertThat(made.dimension()).isEqualTo(8);
        assertThat(made.model()).isEqualTo("words");
        Collection other = service.create(new NewCollection("euclid", 3, Metric.EUCLIDEAN, "words"));
        assertThat(service.list()).containsExactly(made, other);
        assertThat(service.get("notes")).isEqualTo(made);
        assertThat(service.get(made.id().toString())).isEqualTo(made);

        service.delete("notes");
        assertThat(service.list()).containsExactly(other);
        for (ThrowingCallable use : List.<ThrowingCallable>of(
                () -> service.get("notes"),
                () -> service.delete("notes"),
                () -> service.document("notes", "a", false),
                () -> service.documents(made.id().toString(), "", 10, false))) {
            assertThat(failure(NotFoundException.class, use).detail()).matches("Collection '.*' not found");
        }
    }

    @Test
    void refusesANameThatIsTaken() {
        service.create(new NewCollection("notes", 8, Metric.COSINE, null));
        ConflictException taken = failure(
                ConflictException.class, () -> service.create(new NewCollection("notes", 4, Metric.COSINE, null)));
        assertThat(taken.code()).isEqualTo(ErrorCode.ALREADY_EXISTS);
        assertThat(taken.field()).hasValue("name");
    }

    @Test
    void doesNotTakeOtherTablesForCollections() {
        Column key = Column.of("id", ColumnType.STRING, true);
        engine.create(new TableDefinition("plain", List.of(key), "id", Map.of()));
        assertThat(service.list()).isEmpty();
        failure(NotFoundException.class, () -> service.get("plain"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "a\nb", "a\u0000", "\ud800", "x\udc00y", "5f0c1d3e-7a52-4a0e-9a44-0d9a8b1c2e77"})
    void refusesNamesThatCannotBeUsed(String name) {
        InvalidInputException refused = failure(
                InvalidInputException.class, () -> service.create(new NewCollection(name, 8, Metric.COSINE, null)));
        assertThat(refused.field()).hasValue("name");
    }

    @Test
    void boundsNameAndDimension() {
        service.create(new NewCollection("\ud83d\ude00".repeat(255), 4_096, Metric.COSINE, null));
        assertThat(refused(() -> service.create(new NewCollection("x".repeat(256), 8, Metric.COSINE, null))))
                .isEqualTo("name must be at most 255 characters, got 256");
        assertThat(refused(() -> service.create(new NewCollection("x", 0, Metric.COSINE, null))))
                .isEqualTo("dimension must be 1 to 4096, got 0");
        assertThat(refused(() -> service.create(new NewCollection("x", 4_097, Metric.COSINE, null))))
                .isEqualTo("dimension must be 1 to 4096, got 4097");
        assertThat(refused(() -> service.create(new NewCollection("x", 8, Metric.COSINE, "other"))))
                .contains("Unknown model");
    }

    @Test
    void embedsWhatComesWithoutAVectorAndKeepsWhatComesWithOne() {
        service.create(new NewCollection("notes", 8, Metric.COSINE, null));
        List<InsertedDocument> inserted = batch(
                new NewDocument("a", "red fox", null, "{\"area\":\"north\"}"),
                new NewDocument(null, "own", UNIT, null),
                new NewDocument("c", "grey wolf", null, null));
        assertThat(inserted).extracting(InsertedDocument::vectorGenerated).containsExactly(true, false, true);
        assertThat(inserted.get(0).id()).isEqualTo("a");
        assertThat(inserted.get(1).id()).hasSize(36);
        assertThat(embedding.requests).hasSize(1);
        assertThat(embedding.requests.getFirst().texts()).containsExactly("red fox", "grey wolf");
        assertThat(embedding.requests.getFirst().inputType()).isEqualTo(InputType.DOCUMENT);

        assertThat(service.document("notes", "a", false))
                .isEqualTo(new Document("a", "red fox", "{\"area\":\"north\"}", null));
        assertThat(service.document("notes", inserted.get(1).id(), true).vector())
                .containsExactly(UNIT);
        assertThat(service.get("notes").documentCount()).isEqualTo(3);
    }

    @Test
    void embedsOnAnotherThreadWhenTokenisingIsMuchWork() {
        service.create(new NewCollection("notes", 8, Metric.COSINE, null));
        embedding.cheap = false;
        assertThat(one(new NewDocument("a", "fox", null, null)).vectorGenerated())
                .isTrue();
    }

    @Test
    void takesTheSameIdAgainUnlessToldNotTo() {
        service.create(new NewCollection("notes", 8, Metric.COSINE, null));
        one(new NewDocument("a", "old", UNIT, null));
        one(new NewDocument("a", "new", UNIT, null));
        assertThat(service.document("notes", "a", false).text()).isEqualTo("new");
        failure(
                ConflictException.class,
                () -> join(service.insert(
                        "notes", new NewDocument("a", "newer", UNIT, null), OnConflict.ERROR, PATIENCE)));
        assertThat(service.document("notes", "a", false).text()).isEqualTo("new");
    }

    @Test
    void refusesTextForACollectionOfAnotherDimensionUnlessTheModelCanBeCut() {
        service.create(new NewCollection("three", 3, Metric.COSINE, null));
        service.create(new NewCollection("four", 4, Metric.COSINE, null));
        service.create(new NewCollection("nine", 9, Metric.COSINE, null));
        NewDocument text = new NewDocument(null, "fox", null, null);
        for (String name : List.of("three", "nine")) {
            InvalidInputException refused = failure(
                    InvalidInputException.class, () -> join(service.insert(name, text, OnConflict.REPLACE, PATIENCE)));
            assertThat(refused.code()).isEqualTo(ErrorCode.DIMENSION_MISMATCH);
            assertThat(refused.detail()).startsWith("Vector dimension mismatch: got 8, expected ");
            assertThat(refused.field()).hasValue("text");
            refused(() -> join(service.search(name, query("fox", 1))));
        }
        join(service.insert("four", text, OnConflict.REPLACE, PATIENCE));
        assertThat(embedding.requests.getFirst().dimension()).isEqualTo(4);
        assertThat(join(service.search("four", query("fox", 1)))
                        .hits()
                        .getFirst()
                        .score())
                .isGreaterThan(0.99f);
    }

    @Test
    void namesTheDocumentToBlameAndKeepsNothing() {
        service.create(new NewCollection("notes", 8, Metric.COSINE, null));
        NewDocument good = new NewDocument("good", "fox", UNIT, null);
        assertBlamed("documents[1].vector", good, new NewDocument(null, "x", new float[] {1}, null));
        assertBlamed("documents[1].vector", good, new NewDocument(null, "x", new float[8], null));
        assertBlamed(
                "documents[1].vector[2]",
                good,
                new NewDocument(null, "x", new float[] {1, 2, Float.NaN, 0, 0, 0, 0, 0}, null));
        assertBlamed("documents[1].text", good, new NewDocument(null, "", null, null));
        assertBlamed("documents[1].text", good, new NewDocument(null, "x".repeat(1_001), null, null));
        assertBlamed("documents[1].text", good, new NewDocument(null, "\udc00", null, null));
        assertBlamed("documents[1].metadata", good, new NewDocument(null, "x", null, "\"" + "m".repeat(50) + "\""));
        assertBlamed("documents[1].id", good, new NewDocument("", "x", null, null));
        assertBlamed("documents[1].id", good, new NewDocument("i".repeat(513), "x", null, null));
        assertBlamed("documents[1].id", good, new NewDocument("a\tb", "x", null, null));
        assertBlamed("documents[1].id", good, new NewDocument("good", "x", null, null));
        assertBlamed("documents");
        assertBlamed(
                "documents",
                java.util.Collections.nCopies(1_001, new NewDocument(null, "x", UNIT, null))
                        .toArray(NewDocument[]::new));
        assertThat(embedding.requests).isEmpty();
        assertThat(service.get("notes").documentCount()).isZero();
        one(new NewDocument("i".repeat(512), "", UNIT, null));
    }

    @Test
    void pagesThroughDocumentsInTheOrderOfTheirInsertion() {
        service.create(new NewCollection("notes", 8, Metric.COSINE, null));
        for (int i = 0; i < 5; i++) {
            one(new NewDocument("d" + i, "x", UNIT, null));
        }
        List<String> seen = new ArrayList<>();
        String cursor = "";
        do {
            DocumentPage page = service.documents("notes", cursor, 2, false);
            page.documents().forEach(document -> seen.add(document.id()));
            cursor = page.nextCursor();
        } while (cursor != null);
        assertThat(seen).containsExactly("d0", "d1", "d2", "d3", "d4");
        for (String wrong : List.of("-1", "ä", "zzzzzzzzzzzzzzzzzzzz")) {
            assertThat(refused(() -> service.documents("notes", wrong, 2, false)))
                    .startsWith("cursor must be");
        }
        assertThat(refused(() -> service.documents("notes", "", 0, false))).isEqualTo("limit must be 1 to 1000, got 0");
        refused(() -> service.documents("notes", "", 1_001, false));
    }

    @Test
    void deletesADocumentOnce() {
        service.create(new NewCollection("notes", 8, Metric.COSINE, null));
        one(new NewDocument("a", "x", UNIT, null));
        join(service.deleteDocument("notes", "a"));
        assertThat(failure(NotFoundException.class, () -> service.document("notes", "a", false))
                        .detail())
                .isEqualTo("Document 'a' not found");
        failure(NotFoundException.class, () -> join(service.deleteDocument("notes", "a")));
        failure(NotFoundException.class, () -> join(service.deleteDocument("gone", "a")));
    }

    @Test
    void findsByTextAndByVector() {
        service.create(new NewCollection("notes", 8, Metric.COSINE, null));
        batch(new NewDocument("fox", "red fox", null, "{}"), new NewDocument("wolf", "grey wolf", null, null));
        DocumentHits byText = join(service.search("notes", query("fox red", 10)));
        assertThat(byText.queryEmbedded()).isTrue();
        assertThat(byText.hits()).hasSize(2);
        assertThat(byText.hits().getFirst().document().id()).isEqualTo("fox");
        assertThat(byText.hits().getFirst().document().metadata()).isEqualTo("{}");
        assertThat(embedding.requests.getLast().inputType()).isEqualTo(InputType.QUERY);

        float[] wolf = service.document("notes", "wolf", true).vector();
        int requests = embedding.requests.size();
        DocumentHits byVector = join(
                service.search("notes", new DocumentSearch("fox", wolf, 1, null, 0.5f, true, false, true, PATIENCE)));
        assertThat(byVector.queryEmbedded()).isFalse();
        assertThat(byVector.hits()).hasSize(1);
        assertThat(byVector.hits().getFirst().document().id()).isEqualTo("wolf");
        assertThat(byVector.hits().getFirst().document().vector()).isEqualTo(wolf);
        assertThat(byVector.explanation()).isNotNull();
        assertThat(embedding.requests).hasSize(requests);
    }

    @Test
    void explainsHowLongTheQueryTookToEmbed() {
        service.create(new NewCollection("notes", 8, Metric.COSINE, null));
        DocumentHits hits = join(
                service.search("notes", new DocumentSearch("fox", null, 1, null, null, false, false, true, PATIENCE)));
        assertThat(Objects.requireNonNull(hits.explanation()).stepMicros().keySet())
                .containsExactly("embed", "scan");
    }

    @Test
    void refusesSearchesThatCannotBeDone() {
        service.create(new NewCollection("notes", 8, Metric.COSINE, null));
        assertThat(refused(() -> join(service.search("notes", query("x", 0))))).isEqualTo("k must be 1 to 1000, got 0");
        refused(() -> join(service.search("notes", query("x", 1_001))));
        assertThat(refused(() -> join(service.search("notes", query(null, 1)))))
                .isEqualTo("query or query_vector is required");
        assertThat(refused(() -> join(service.search("notes", query("", 1))))).isEqualTo("query cannot be empty");
        assertThat(refused(() -> join(service.search("notes", vector(new float[3])))))
                .isEqualTo("Vector dimension mismatch: got 3, expected 8");
        refused(() -> join(service.search("notes", vector(new float[8]))));
        refused(() -> join(service.search(
                "notes", new DocumentSearch(null, UNIT, 1, null, Float.NaN, false, false, false, PATIENCE))));
        failure(NotFoundException.class, () -> join(service.search("gone", query("x", 1))));
    }

    @Test
    void refusesOneSearchTooManyAtOnceAndRecovers() {
        service.create(new NewCollection("notes", 8, Metric.COSINE, null));
        engine.slowSearches = true;
        CountDownLatch open = new CountDownLatch(1);
        engine.beforeSearch = () -> awaitQuietly(open);
        CompletableFuture<DocumentHits> first = service.search("notes", vector(UNIT));
        CompletableFuture<DocumentHits> second = service.search("notes", vector(UNIT));
        OverloadedException refused =
                failure(OverloadedException.class, () -> join(service.search("notes", vector(UNIT))));
        assertThat(refused.retryAfter()).isPositive();
        open.countDown();
        join(first);
        join(second);
        join(service.search("notes", vector(UNIT)));
    }

    @Test
    void anInvalidSearchTakesNoPlaceOfOthers() {
        service.create(new NewCollection("notes", 8, Metric.COSINE, null));
        for (int i = 0; i < 10; i++) {
            refused(() -> join(service.search("notes", query("x", 0))));
            service.create(new NewCollection("three" + i, 3, Metric.COSINE, null));
            String name = "three" + i;
            refused(() -> join(service.search(name, query("fox", 1))));
        }
        join(service.search("notes", vector(UNIT)));
    }

    @Test
    void aCollectionDeletedWhileATextIsEmbeddedKeepsNothing() {
        service.create(new NewCollection("notes", 8, Metric.COSINE, null));
        CompletableFuture<Void> gate = new CompletableFuture<>();
        embedding.gate = gate;
        CompletableFuture<InsertedDocument> insert =
                service.insert("notes", new NewDocument("a", "fox", null, null), OnConflict.REPLACE, PATIENCE);
        CompletableFuture<DocumentHits> search = service.search("notes", query("fox", 1));
        service.delete("notes");
        service.create(new NewCollection("notes", 8, Metric.COSINE, null));
        gate.complete(null);
        failure(NotFoundException.class, () -> join(insert));
        assertThat(failure(NotFoundException.class, () -> join(search)).detail())
                .isEqualTo("Collection 'notes' not found");
        assertThat(service.get("notes").documentCount()).isZero();
    }

    @Test
    void cancellingDropsTheEmbeddingAndWritesNothing() {
        service.create(new NewCollection("notes", 8, Metric.COSINE, null));
        CompletableFuture<Void> gate = new CompletableFuture<>();
        embedding.gate = gate;
        CompletableFuture<List<InsertedDocument>> insert =
                service.insert("notes", List.of(new NewDocument("a", "fox", null, null)), OnConflict.REPLACE, PATIENCE);
        insert.cancel(true);
        assertThat(embedding.last).isCancelled();
        CompletableFuture<InsertedDocument> single =
                service.insert("notes", new NewDocument("a", "fox", null, null), OnConflict.REPLACE, PATIENCE);
        single.cancel(true);
        assertThat(embedding.last).isCancelled();
        CompletableFuture<DocumentHits> search = service.search("notes", query("fox", 1));
        search.cancel(true);
        assertThat(embedding.last).isCancelled();
        gate.complete(null);
        assertThat(service.get("notes").documentCount()).isZero();
    }

    private List<InsertedDocument> batch(NewDocument... documents) {
        return join(service.insert("notes", List.of(documents), OnConflict.REPLACE, PATIENCE));
    }

    private InsertedDocument one(NewDocument document) {
        return join(service.insert("notes", document, OnConflict.REPLACE, PATIENCE));
    }

    private void assertBlamed(String field, NewDocument... documents) {
        assertThat(failure(InvalidInputException.class, () -> batch(documents)).field())
                .hasValue(field);
    }

    private static DocumentSearch query(@Nullable String text, int k) {
        return new DocumentSearch(text, null, k, null, null, false, true, false, PATIENCE);
    }

    private static DocumentSearch vector(float[] vector) {
        return new DocumentSearch(null, vector, 10, null, null, false, true, false, PATIENCE);
    }

    private static <T> T join(CompletableFuture<T> future) {
        return future.join();
    }

    private static String refused(ThrowingCallable use) {
        return failure(InvalidInputException.class, use).detail();
    }

    private static <E extends AkidbException> E failure(Class<E> kind, ThrowingCallable use) {
        Throwable thrown = catchThrowable(use);
        assertThat(thrown).as("a failure").isNotNull();
        Throwable failure = Futures.unwrap(thrown);
        assertThat(failure).isInstanceOf(kind);
        return kind.cast(failure);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
