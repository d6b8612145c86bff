package com.akidb.embedding.mlx;

import com.akidb.embedding.EmbeddingBackend.BatchPolicy;
import com.akidb.embedding.EmbeddingBackend.TokenBackend;
import com.akidb.embedding.EmbeddingBackend.TokenBatch;
import com.akidb.model.ModelSpec;
import com.akidb.model.Pooling;
import java.util.List;

/** A model of MLX that takes token ids. */
final class MlxBackend extends PooledBackend implements TokenBackend {

    /** Its lengths are rounded up to steps that grow with them, at least this far. */
    private static final int PADDING = 8;

    MlxBackend(WorkerPool pool, ModelSpec spec, MlxProperties settings, Runnable closed) {
        super(pool, spec, settings, closed);
    }

    @Override
    public void warmUp() {
        tryWith(new TokenCall(new TokenBatch(List.of(new int[] {1}), Pooling.MEAN)));
    }

    @Override
    public float[][] encode(TokenBatch batch) {
        return vectors(new TokenCall(batch), batch.rows().size());
    }

    @Override
    public BatchPolicy batchPolicy() {
        return new BatchPolicy(Integer.MAX_VALUE, mostTokens(), PADDING);
    }
}
