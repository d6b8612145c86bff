package com.akidb.embedding.mlx;

import com.akidb.embedding.BatchPolicy;
import com.akidb.embedding.TokenBackend;
import com.akidb.embedding.TokenBatch;
import com.akidb.embedding.WorkerCounts;
import com.akidb.model.ModelSpec;
import com.akidb.model.Pooling;
import java.util.List;
import java.util.Optional;

/** A model of MLX that takes token ids. */
final class MlxBackend implements TokenBackend {

    /** Its lengths are rounded up to steps that grow with them, at least this far. */
    private static final int PADDING = 8;

    private final String model;
    private final WorkerPool pool;
    private final int dimension;
    private final MlxProperties settings;

    MlxBackend(WorkerPool pool, ModelSpec spec, MlxProperties settings) {
        model = spec.id();
        this.pool = pool;
        dimension = spec.dimension();
        this.settings = settings;
    }

    /** Each worker warms itself when it has loaded; this shows that one can be called, and gives what is registered. */
    @Override
    public void warmUp() {
        TrialCall.run(model, pool, new TokenCall(new TokenBatch(List.of(new int[] {1}), Pooling.MEAN)), dimension);
    }

    @Override
    public float[][] encode(TokenBatch batch) {
        byte[] vectors = pool.call(new TokenCall(batch));
        return WorkerVectors.read(vectors, batch.rows().size(), dimension);
    }

    @Override
    public int parallelism() {
        return settings.poolSize();
    }

    @Override
    public BatchPolicy batchPolicy() {
        return new BatchPolicy(Integer.MAX_VALUE, settings.maxBatchTokens(), PADDING);
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
