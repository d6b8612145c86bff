package com.akidb.embedding;

import com.akidb.embedding.batching.BatchingProperties;
import com.akidb.embedding.batching.MicroBatcher;
import com.akidb.model.ModelFiles;
import com.akidb.model.ModelSpec;
import com.akidb.model.Pooling;
import java.util.List;
import java.util.Optional;

/** A model in memory, warm, with what makes texts ready for it and its queue. */
final class LoadedModel implements AutoCloseable {

    private final ModelSpec spec;
    private final String fingerprint;
    private final TextPreparation preparation;
    private final EmbeddingBackend backend;
    private final MicroBatcher batcher;

    private LoadedModel(
            ModelSpec spec,
            String fingerprint,
            TextPreparation preparation,
            EmbeddingBackend backend,
            MicroBatcher batcher) {
        this.spec = spec;
        this.fingerprint = fingerprint;
        this.preparation = preparation;
        this.backend = backend;
        this.batcher = batcher;
    }

    /** Opens and warms a model; blocks. */
    static LoadedModel open(
            ModelSpec spec,
            ModelFiles files,
            EmbeddingBackendFactory backends,
            int batchSize,
            BatchingProperties batching,
            EmbeddingMetrics.OfModel metrics) {
        EmbeddingBackend backend = backends.open(spec, files);
        try {
            TextPreparation preparation = TextPreparation.of(backend, spec, files);
            try {
                backend.warmUp();
                MicroBatcher batcher = new MicroBatcher(
                        spec.id(), backend, backend.batchPolicy().withAtMostTexts(batchSize), batching, metrics);
                metrics.watchQueue(batcher::depth);
                return new LoadedModel(spec, files.fingerprint(), preparation, backend, batcher);
            } catch (RuntimeException e) {
                preparation.close();
                throw e;
            }
        } catch (RuntimeException e) {
            backend.close();
            throw e;
        }
    }

    ModelSpec spec() {
        return spec;
    }

    /** Makes a text, prompt included, ready for this model. */
    TextPreparation.Prepared prepare(String text) {
        return preparation.prepare(text);
    }

    VectorSpace space(Pooling pooling, boolean normalize, int dimension, InputType inputType) {
        return new VectorSpace(fingerprint, pooling, normalize, dimension, inputType.promptOf(spec));
    }

    void submit(List<Flight> flights, Urgency urgency) {
        batcher.submit(flights, urgency);
    }

    boolean isAlive() {
        return batcher.isAlive();
    }

    /** Why the backend cannot be used at present, if so. */
    Optional<String> trouble() {
        return backend.trouble();
    }

    Optional<WorkerCounts> workers() {
        return backend.workers();
    }

    boolean isFailing() {
        return batcher.isFailing();
    }

    /** Works off what is queued, then frees the memory. */
    @Override
    public void close() {
        batcher.close();
        backend.close();
        preparation.close();
    }
}
