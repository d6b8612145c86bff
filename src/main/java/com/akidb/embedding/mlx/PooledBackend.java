package com.akidb.embedding.mlx;

import com.akidb.embedding.EmbeddingBackend.TextsFailedException;
import com.akidb.embedding.EmbeddingManager.WorkerCounts;
import com.akidb.model.ModelSpec;
import java.util.Optional;

/** What models in a pool of Python workers have in common, whether they take tokens or texts. */
abstract class PooledBackend {

    private final ModelSpec spec;
    private final WorkerPool pool;
    private final MlxProperties settings;
    private final Runnable closed;

    /** @param closed called when the pool has ended */
    PooledBackend(WorkerPool pool, ModelSpec spec, MlxProperties settings, Runnable closed) {
        this.pool = pool;
        this.spec = spec;
        this.settings = settings;
        this.closed = closed;
    }

    /** Each worker warms itself when it has loaded; this shows that one can be called, and gives what is registered. */
    final void tryWith(PythonCall call) {
        TrialCall.run(spec.id(), pool, call, spec.dimension());
    }

    /**
     * One vector for each of so many inputs.
     *
     * @throws TextsFailedException if Python raised; workers that died or hung are no fault of single texts as far as one knows,
     *     and trying each would cost more workers
     */
    final float[][] vectors(PythonCall call, int inputs) {
        try {
            return WorkerVectors.read(pool.call(call), inputs, spec.dimension());
        } catch (PythonFailure e) {
            if (e.kind() == PythonFailure.Kind.RAISED) {
                throw new TextsFailedException(String.valueOf(e.getMessage()), e);
            }
            throw e;
        }
    }

    final int mostTokens() {
        return settings.maxBatchTokens();
    }

    public int parallelism() {
        return settings.poolSize();
    }

    public Optional<String> trouble() {
        return pool.trouble();
    }

    public Optional<WorkerCounts> workers() {
        return Optional.of(pool.counts());
    }

    public void close() {
        pool.close();
        closed.run();
    }
}
