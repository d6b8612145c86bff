package com.akidb.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.akidb.account.Account;
import com.akidb.collection.CollectionService.DocumentHits;
import com.akidb.collection.CollectionService.InsertedDocument;
import com.akidb.collection.CollectionService.NewDocument;
import com.akidb.concurrent.Futures;
import com.akidb.embedding.EmbeddingRequest.InputType;
import com.akidb.engine.OnConflict;
import com.akidb.engine.TableEngine;
import com.akidb.engine.VectorSearch;
import com.akidb.error.AkidbException;
import com.akidb.error.InvalidInputException;
import com.akidb.query.Predicate;
import com.akidb.table.Search;
import com.akidb.table.Search.Form;
import com.akidb.table.Search.Probe;
import com.akidb.table.Search.Ranking;
import com.akidb.table.TestTables;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** The service over an engine and a model that a test can steer. */
abstract class CollectionFixture {

    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final float[] UNIT = {1, 0, 0, 0, 0, 0, 0, 0};
    final TestTables tables = new TestTables();
    final TableEngine engine = tables.engine();
    final WordEmbedding embedding = new WordEmbedding(8);
    final ExecutorService threads = Executors.newFixedThreadPool(2);

    /** Its model {@code words} may be cut to 4 dimensions; 2 searches at once. */
    final CollectionService service = TestCollections.create(
            engine, embedding, 4, new CollectionProperties(4_096, 1_000, 50, null, null), 2, threads);

    @AfterEach
    void stop() {
        threads.shutdownNow();
        tables.close();
    }

    List<InsertedDocument> batch(NewDocument... documents) {
        return join(service.insert("notes", List.of(documents), OnConflict.REPLACE, PATIENCE, Account.SERVER));
    }

    InsertedDocument one(NewDocument document) {
        return join(service.insert("notes", document, OnConflict.REPLACE, PATIENCE, Account.SERVER));
    }

    CompletableFuture<DocumentHits> search(String collection, Probe probe, int k) {
        return Futures.call(() -> service.search(searchFor(collection, probe, k), true));
    }

    CompletableFuture<DocumentHits> search(String collection, String query, int k) {
        return search(collection, new Probe.Text(query, InputType.QUERY), k);
    }

    CompletableFuture<DocumentHits> search(String collection, float[] vector) {
        return search(collection, new Probe.Vector(vector), 10);
    }

    Search searchFor(String collection, Probe probe, int k) {
        return searchFor(collection, probe, k, null, null, false, Ranking.BY_SIMILARITY, false);
    }

    Search searchFor(
            String collection,
            Probe probe,
            int k,
            @Nullable Predicate where,
            @Nullable Float threshold,
            boolean vectors,
            Ranking ranking,
            boolean explain) {
        return new Search(
                service.schema(collection),
                CollectionService.VECTOR,
                probe,
                k,
                0,
                where,
                threshold,
                vectors,
                VectorSearch.Options.DEFAULT,
                ranking,
                explain,
                Form.COLLECTION,
                PATIENCE,
                Account.SERVER);
    }

    static <T> T join(CompletableFuture<T> future) {
        return future.join();
    }

    static String refused(ThrowingCallable use) {
        return failure(InvalidInputException.class, use).detail();
    }

    static <E extends AkidbException> E failure(Class<E> kind, ThrowingCallable use) {
        Throwable thrown = catchThrowable(use);
        assertThat(thrown).as("a failure").isNotNull();
        Throwable failure = Futures.unwrap(thrown);
        assertThat(failure).isInstanceOf(kind);
        return kind.cast(failure);
    }
}
