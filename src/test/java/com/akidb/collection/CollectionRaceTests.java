package com.akidb.collection;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.account.Account;
import com.akidb.collection.CollectionService.DocumentHits;
import com.akidb.collection.CollectionService.InsertedDocument;
import com.akidb.collection.CollectionService.NewCollection;
import com.akidb.collection.CollectionService.NewDocument;
import com.akidb.engine.OnConflict;
import com.akidb.error.NotFoundException;
import com.akidb.vector.Metric;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What happens to a collection while a text is embedded for it. */
class CollectionRaceTests extends CollectionFixture {

    @Test
    void aCollectionDeletedWhileATextIsEmbeddedKeepsNothing() {
        service.create(new NewCollection("notes", 8, Metric.COSINE, null));
        CompletableFuture<Void> gate = new CompletableFuture<>();
        embedding.gate = gate;
        CompletableFuture<InsertedDocument> insert = service.insert(
                "notes", new NewDocument("a", "fox", null, null), OnConflict.REPLACE, PATIENCE, Account.SERVER);
        CompletableFuture<DocumentHits> search = search("notes", "fox", 1);
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
        CompletableFuture<List<InsertedDocument>> insert = service.insert(
                "notes",
                List.of(new NewDocument("a", "fox", null, null)),
                OnConflict.REPLACE,
                PATIENCE,
                Account.SERVER);
        insert.cancel(true);
        assertThat(embedding.last).isCancelled();
        CompletableFuture<InsertedDocument> single = service.insert(
                "notes", new NewDocument("a", "fox", null, null), OnConflict.REPLACE, PATIENCE, Account.SERVER);
        single.cancel(true);
        assertThat(embedding.last).isCancelled();
        CompletableFuture<DocumentHits> search = search("notes", "fox", 1);
        search.cancel(true);
        assertThat(embedding.last).isCancelled();
        gate.complete(null);
        assertThat(service.get("notes").documentCount()).isZero();
    }
}
