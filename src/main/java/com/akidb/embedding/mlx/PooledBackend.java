package com.akidb.embedding.mlx;

import com.akidb.embedding.EmbeddingBackend.TextsFailedException;
import com.akidb.embedding.EmbeddingManager.WorkerCounts;
import com.akidb.embedding.mlx.PythonModel.PythonCall;
import com.akidb.model.ModelSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What models in a pool of Python workers have in common, whether they take tokens or texts. */
abstract class PooledBackend {

    private static final Logger log = LoggerFactory.getLogger(PooledBackend.class);

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

    /**
     * Has a worker make one vector. Each worker warms itself when it has loaded; this shows that one can be called, and
     * gives what is registered.
     *
     * @throws com.akidb.error.AkidbException if it fails, or the vector has another dimension
     */
    final void tryWith(PythonCall call) {
        byte[] vector;
        try {
            vector = pool.call(call);
        } catch (PythonFailure e) {
            log.error("The first call of model {} failed", spec.id(), e);
            throw e.toLoadingFailure(spec.id());
        }
        try {
            WorkerVectors.requireDimension(vector, 1, spec.dimension());
        } catch (IllegalStateException e) {
            throw PythonFailure.unusable(spec.id(), String.valueOf(e.getMessage()));
        }
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

    /** Vectors as a worker gives them: 32-bit floats in the order of this machine's bytes, one vector after the other. */
    static final class WorkerVectors {

        private WorkerVectors() {}

        /**
         * Reads vectors.
         *
         * @throws IllegalStateException if they are not as many or not as long as they must be
         */
        static float[][] read(byte[] bytes, int rows, int dimension) {
            requireDimension(bytes, rows, dimension);
            ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
            float[][] vectors = new float[rows][dimension];
            for (int row = 0; row < rows; row++) {
                buffer.asFloatBuffer().get(row * dimension, vectors[row]);
            }
            return vectors;
        }

        /**
         * Checks their length.
         *
         * @throws IllegalStateException with the length that was found and the one that was expected
         */
        static void requireDimension(byte[] bytes, int rows, int dimension) {
            if (bytes.length % (rows * Float.BYTES) != 0) {
                throw new IllegalStateException("the model gave " + bytes.length + " bytes for " + rows + " vectors");
            }
            int found = bytes.length / rows / Float.BYTES;
            if (found != dimension) {
                throw new IllegalStateException("the model gives vectors of dimension " + found
                        + ", and is registered with dimension " + dimension);
            }
        }
    }
}
