package com.akidb.collection;

import com.akidb.account.Account;
import com.akidb.concurrent.Futures;
import com.akidb.engine.SearchExplanation;
import com.akidb.engine.SearchResult;
import com.akidb.engine.TableEngine;
import com.akidb.engine.VectorSearch;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.OverloadedException;
import com.akidb.table.ColumnEmbedder;
import com.akidb.table.ColumnEmbedder.Terms;
import com.akidb.vector.Vectors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Finds the nearest documents. A search that is short and touches no disk is done in the thread it came on; a longer one
 * on the search threads.
 */
final class DocumentSearches {

    static final int MAX_K = 1_000;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final TableEngine engine;
    private final ColumnEmbedder embedder;
    private final DocumentRules rules;
    private final Semaphore permits;
    private final Executor threads;

    DocumentSearches(
            TableEngine engine, ColumnEmbedder embedder, DocumentRules rules, int mostAtOnce, Executor threads) {
        this.engine = engine;
        this.embedder = embedder;
        this.rules = rules;
        this.permits = new Semaphore(mostAtOnce);
        this.threads = threads;
    }

    CompletableFuture<DocumentHits> search(Collection collection, DocumentSearch search, Account account) {
        require(collection, search);
        if (!permits.tryAcquire()) {
            throw new OverloadedException("Too many searches at once; try again later", RETRY_AFTER);
        }
        CompletableFuture<DocumentHits> work = Futures.call(() -> start(collection, search, account));
        // The place is free before the answer is told: who has it may search again at once.
        CompletableFuture<DocumentHits> hits = work.whenComplete((found, failure) -> permits.release());
        Futures.cancelWith(hits, work);
        return hits;
    }

    private void require(Collection collection, DocumentSearch search) {
        if (search.k() < 1 || search.k() > MAX_K) {
            throw new InvalidInputException(
                    ErrorCode.OUT_OF_RANGE, "k must be 1 to " + MAX_K + ", got " + search.k(), "k");
        }
        if (search.threshold() != null && !Float.isFinite(search.threshold())) {
            throw new InvalidInputException(ErrorCode.OUT_OF_RANGE, "threshold must be a finite number", "threshold");
        }
        if (search.vector() != null) {
            Vectors.requireUsable(search.vector(), collection.dimension(), collection.metric(), "query_vector");
        } else if (search.query() != null) {
            rules.requireText(search.query(), "query", false);
        } else {
            throw new InvalidInputException(ErrorCode.MISSING_FIELD, "query or query_vector is required", "query");
        }
    }

    private CompletableFuture<DocumentHits> start(Collection collection, DocumentSearch search, Account account) {
        float[] given = search.vector();
        String query = search.query();
        if (given != null || query == null) {
            return find(collection, search, given == null ? new float[0] : given, -1);
        }
        long start = System.nanoTime();
        CompletableFuture<float[]> embedded = embedder.query(
                CollectionTable.model(collection), query, Terms.waiting(search.timeout(), account), "query");
        CompletableFuture<DocumentHits> hits = embedded.thenCompose(
                vector -> find(collection, search, vector, TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start)));
        Futures.cancelWith(hits, embedded);
        return hits;
    }

    /** @param embedMicros how long the query took to embed; -1 if the caller sent a vector */
    private CompletableFuture<DocumentHits> find(
            Collection collection, DocumentSearch search, float[] vector, long embedMicros) {
        VectorSearch wanted = new VectorSearch(
                CollectionTable.VECTOR,
                vector,
                search.k(),
                search.filter(),
                search.threshold(),
                search.includeVectors(),
                search.explain());
        return Futures.call(() -> engine.search(collection.id(), wanted, threads))
                .thenApply(result -> hits(result, search.includeMetadata(), embedMicros))
                .exceptionallyCompose(
                        failure -> CompletableFuture.failedFuture(CollectionDirectory.translate(failure, collection)));
    }

    private static DocumentHits hits(SearchResult result, boolean withMetadata, long embedMicros) {
        List<DocumentHits.Hit> hits = new ArrayList<>(result.hits().size());
        for (SearchResult.Hit hit : result.hits()) {
            hits.add(new DocumentHits.Hit(CollectionTable.document(hit.row(), withMetadata), hit.score()));
        }
        return new DocumentHits(hits, embedMicros >= 0, explained(result.explanation(), embedMicros));
    }

    /** The engine's explanation with the step that came before it. */
    private static @Nullable SearchExplanation explained(@Nullable SearchExplanation engine, long embedMicros) {
        if (engine == null || embedMicros < 0) {
            return engine;
        }
        Map<String, Long> steps = new LinkedHashMap<>();
        steps.put("embed", embedMicros);
        steps.putAll(engine.stepMicros());
        return engine.withSteps(steps);
    }
}
