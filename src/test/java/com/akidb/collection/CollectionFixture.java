package com.akidb.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.akidb.account.Account;
import com.akidb.concurrent.Futures;
import com.akidb.engine.OnConflict;
import com.akidb.error.AkidbException;
import com.akidb.error.InvalidInputException;
import java.time.Duration;
import java.time.InstantSource;
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
    final SteeredEngine engine = new SteeredEngine();
    final WordEmbedding embedding = new WordEmbedding(8);
    final ExecutorService threads = Executors.newFixedThreadPool(2);

    final CollectionService service = TestCollections.create(
            engine, embedding, new CollectionProperties(4_096, 1_000, 50, 2, 0), InstantSource.system(), threads);

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    List<InsertedDocument> batch(NewDocument... documents) {
        return join(service.insert("notes", List.of(documents), OnConflict.REPLACE, PATIENCE, Account.SERVER));
    }

    InsertedDocument one(NewDocument document) {
        return join(service.insert("notes", document, OnConflict.REPLACE, PATIENCE, Account.SERVER));
    }

    static DocumentSearch query(@Nullable String text, int k) {
        return new DocumentSearch(text, null, k, null, null, false, true, false, PATIENCE);
    }

    static DocumentSearch vector(float[] vector) {
        return new DocumentSearch(null, vector, 10, null, null, false, true, false, PATIENCE);
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
