package com.akidb.collection;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.account.Account;
import com.akidb.collection.CollectionService.Document;
import com.akidb.collection.CollectionService.DocumentPage;
import com.akidb.collection.CollectionService.InsertedDocument;
import com.akidb.collection.CollectionService.NewCollection;
import com.akidb.collection.CollectionService.NewDocument;
import com.akidb.embedding.EmbeddingRequest.InputType;
import com.akidb.engine.OnConflict;
import com.akidb.error.ConflictException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.vector.Metric;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Documents: put in, shown, deleted. */
class DocumentTests extends CollectionFixture {

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
    void takesTheSameIdAgainUnlessToldNotTo() {
        service.create(new NewCollection("notes", 8, Metric.COSINE, null));
        one(new NewDocument("a", "old", UNIT, null));
        one(new NewDocument("a", "new", UNIT, null));
        assertThat(service.document("notes", "a", false).text()).isEqualTo("new");
        failure(
                ConflictException.class,
                () -> join(service.insert(
                        "notes",
                        new NewDocument("a", "newer", UNIT, null),
                        OnConflict.ERROR,
                        PATIENCE,
                        Account.SERVER)));
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
                    InvalidInputException.class,
                    () -> join(service.insert(name, text, OnConflict.REPLACE, PATIENCE, Account.SERVER)));
            assertThat(refused.code()).isEqualTo(ErrorCode.DIMENSION_MISMATCH);
            assertThat(refused.detail()).startsWith("Vector dimension mismatch: got 8, expected ");
            assertThat(refused.field()).hasValue("text");
            refused(() -> join(search(name, "fox", 1)));
        }
        join(service.insert("four", text, OnConflict.REPLACE, PATIENCE, Account.SERVER));
        assertThat(embedding.requests.getFirst().dimension()).isEqualTo(4);
        assertThat(join(search("four", "fox", 1)).hits().getFirst().score()).isGreaterThan(0.99f);
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
            DocumentPage page = service.documents("notes", null, cursor, 2, false);
            page.documents().forEach(document -> seen.add(document.id()));
            cursor = page.nextCursor();
        } while (cursor != null);
        assertThat(seen).containsExactly("d0", "d1", "d2", "d3", "d4");
        for (String wrong : List.of("-1", "ä", "zzzzzzzzzzzzzzzzzzzz")) {
            assertThat(refused(() -> service.documents("notes", null, wrong, 2, false)))
                    .startsWith("cursor must be");
        }
        assertThat(refused(() -> service.documents("notes", null, "", 0, false)))
                .isEqualTo("limit must be 1 to 1000, got 0");
        refused(() -> service.documents("notes", null, "", 1_001, false));
    }

    @Test
    void deletesADocumentOnce() {
        service.create(new NewCollection("notes", 8, Metric.COSINE, null));
        one(new NewDocument("a", "x", UNIT, null));
        join(service.deleteDocument("notes", "a", Account.SERVER));
        assertThat(failure(NotFoundException.class, () -> service.document("notes", "a", false))
                        .detail())
                .isEqualTo("Document 'a' not found");
        failure(NotFoundException.class, () -> join(service.deleteDocument("notes", "a", Account.SERVER)));
        failure(NotFoundException.class, () -> join(service.deleteDocument("gone", "a", Account.SERVER)));
    }

    private void assertBlamed(String field, NewDocument... documents) {
        assertThat(failure(InvalidInputException.class, () -> batch(documents)).field())
                .hasValue(field);
    }
}
