package com.akidb.table.computed;

import com.akidb.embedding.EmbeddingDouble;
import com.akidb.embedding.EmbeddingManager.ModelInfo;
import com.akidb.embedding.EmbeddingRequest;
import com.akidb.embedding.EmbeddingResult;
import com.akidb.embedding.RealModel;
import com.akidb.error.InternalException;
import com.akidb.error.UnavailableException;
import com.akidb.model.ModelSpec;
import com.akidb.vector.Vectors;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Models that fail, rest and wait when told, which real ones do not; a text has one vector of its own in each model. */
final class ScriptedEmbedding extends EmbeddingDouble {

    /** Texts that no model can embed. */
    final Set<String> bad = ConcurrentHashMap.newKeySet();

    final AtomicInteger embedded = new AtomicInteger();
    volatile boolean out;
    private volatile @Nullable Semaphore gate;
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(
            2, Thread.ofPlatform().name("scripted-", 0).daemon().factory());

    /** Lets only so many more calls through. */
    void hold(int calls) {
        gate = new Semaphore(calls);
    }

    /** Lets so many more calls through. */
    void let(int calls) {
        Semaphore held = gate;
        if (held != null) {
            held.release(calls);
        }
    }

    void letAll() {
        let(1_000_000);
        gate = null;
    }

    static float[] vector(String model, String text) {
        int dimension = RealModel.registry().resolve(model).dimension();
        Random random = new Random((model + text).hashCode());
        float[] vector = new float[dimension];
        for (int i = 0; i < dimension; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return Vectors.normalize(vector);
    }

    @Override
    public CompletableFuture<EmbeddingResult> embed(EmbeddingRequest request) {
        request.account().chargeTexts(request.texts().size());
        CompletableFuture<EmbeddingResult> result = new CompletableFuture<>();
        attempt(request, result, gate);
        return result;
    }

    private void attempt(
            EmbeddingRequest request, CompletableFuture<EmbeddingResult> result, @Nullable Semaphore held) {
        threads.schedule(
                () -> {
                    if (result.isDone()) {
                        return;
                    }
                    if (held != null && !held.tryAcquire()) {
                        attempt(request, result, held);
                    } else {
                        answer(request, result);
                    }
                },
                1,
                TimeUnit.MILLISECONDS);
    }

    private void answer(EmbeddingRequest request, CompletableFuture<EmbeddingResult> result) {
        if (out) {
            result.completeExceptionally(new UnavailableException("the model is on holiday"));
        } else if (request.texts().stream().anyMatch(bad::contains)) {
            result.completeExceptionally(new InternalException("indigestible"));
        } else {
            ModelSpec model =
                    RealModel.registry().resolve(request.model() == null ? "all-minilm-l6-v2" : request.model());
            List<float[]> vectors = request.texts().stream()
                    .map(text -> vector(model.id(), text))
                    .toList();
            embedded.addAndGet(vectors.size());
            result.complete(new EmbeddingResult(
                    vectors,
                    model.id(),
                    model.dimension(),
                    vectors.size(),
                    1,
                    List.of(),
                    Collections.nCopies(vectors.size(), false)));
        }
    }

    @Override
    public ModelInfo modelInfo(@Nullable String model) {
        throw new UnsupportedOperationException();
    }
}
