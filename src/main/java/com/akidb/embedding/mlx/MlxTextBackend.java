package com.akidb.embedding.mlx;

import com.akidb.embedding.BatchPolicy;
import com.akidb.embedding.TextBackend;
import com.akidb.embedding.TextBatch;
import com.akidb.embedding.TextVectors;
import com.akidb.embedding.WorkerCounts;
import com.akidb.model.ModelSpec;
import java.util.List;
import java.util.Optional;
import org.graalvm.polyglot.proxy.ProxyArray;

/** A user's own package, which takes texts. */
final class MlxTextBackend implements TextBackend {

    private final String model;
    private final WorkerPool pool;
    private final int dimension;
    private final MlxProperties settings;

    MlxTextBackend(WorkerPool pool, ModelSpec spec, MlxProperties settings) {
        model = spec.id();
        this.pool = pool;
        dimension = spec.dimension();
        this.settings = settings;
    }

    @Override
    public void warmUp() {
        TrialCall.run(model, pool, embed(List.of("warm")), dimension);
    }

    @Override
    public TextVectors encode(TextBatch batch) {
        byte[] vectors = pool.call(embed(batch.texts()));
        return TextVectors.estimating(
                batch, WorkerVectors.read(vectors, batch.texts().size(), dimension));
    }

    private static PythonCall embed(List<String> texts) {
        ProxyArray array = ProxyArray.fromArray(texts.toArray());
        return service -> service.invokeMember("embed", array);
    }

    @Override
    public int parallelism() {
        return settings.poolSize();
    }

    /** The package pads by itself, so texts of any length may go together. */
    @Override
    public BatchPolicy batchPolicy() {
        return new BatchPolicy(Integer.MAX_VALUE, settings.maxBatchTokens(), settings.maxBatchTokens());
    }

    @Override
    public Optional<String> trouble() {
        return pool.trouble();
    }

    @Override
    public Optional<WorkerCounts> workers() {
        return Optional.of(pool.counts());
    }

    @Override
    public void close() {
        pool.close();
    }
}
