package com.akidb.collection;

import com.akidb.concurrent.Futures;
import com.akidb.embedding.EmbeddingManager;
import com.akidb.embedding.EmbeddingRequest;
import com.akidb.embedding.EmbeddingResult;
import com.akidb.embedding.InputType;
import com.akidb.error.InternalException;
import com.akidb.model.ModelRegistry;
import com.akidb.model.ModelSpec;
import com.akidb.vector.Vectors;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Embeds texts for a collection with the collection's own model, in the collection's dimension. */
final class CollectionEmbedder {

    private final EmbeddingManager manager;
    private final ModelRegistry models;
    private final Executor threads;

    /** @param threads where texts are tokenised that are too much work for the thread they came on */
    CollectionEmbedder(EmbeddingManager manager, ModelRegistry models, Executor threads) {
        this.manager = manager;
        this.models = models;
        this.threads = threads;
    }

    /**
     * Embeds texts.
     *
     * @param field the request field to blame if the model's vectors do not fit the collection
     * @return one vector per text, in order; cancelling it drops what is queued
     */
    CompletableFuture<List<float[]>> embed(
            Collection collection, List<String> texts, InputType type, Duration timeout, String field) {
        Integer dimension = cutTo(collection, field);
        EmbeddingRequest request =
                new EmbeddingRequest(texts, collection.model(), null, true, dimension, type, true, true, timeout);
        CompletableFuture<EmbeddingResult> embedding =
                manager.isCheap(texts) ? manager.embed(request) : Futures.callOn(threads, () -> manager.embed(request));
        CompletableFuture<List<float[]>> vectors =
                embedding.thenApply(result -> checked(result, texts.size(), collection.dimension()));
        Futures.cancelWith(vectors, embedding);
        return vectors;
    }

    /** The dimension to ask for; null if the model's own is the collection's. */
    private @Nullable Integer cutTo(Collection collection, String field) {
        ModelSpec model = models.resolve(collection.model());
        if (model.dimension() == collection.dimension()) {
            return null;
        }
        if (collection.dimension() > model.dimension() || collection.dimension() < model.minDimension()) {
            Vectors.requireDimension(model.dimension(), collection.dimension(), field);
        }
        return collection.dimension();
    }

    private static List<float[]> checked(EmbeddingResult result, int texts, int dimension) {
        if (result.vectors().size() != texts || result.dimension() != dimension) {
            throw new InternalException("Failed to generate embedding");
        }
        return result.vectors();
    }
}
