package com.akidb.embedding.mlx;

import com.akidb.embedding.BatchPolicy;
import com.akidb.embedding.TokenBackend;
import com.akidb.embedding.TokenBatch;
import com.akidb.embedding.WorkerCounts;
import com.akidb.model.Pooling;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/** A model of MLX that takes token ids. */
final class MlxBackend implements TokenBackend {

    /** Its lengths are rounded up to steps that grow with them, at least this far. */
    private static final int PADDING = 8;

    private final WorkerPool pool;
    private final int dimension;
    private final MlxProperties settings;

    MlxBackend(WorkerPool pool, int dimension, MlxProperties settings) {
        this.pool = pool;
        this.dimension = dimension;
        this.settings = settings;
    }

    /** Each worker warms itself when it has loaded; this shows that one can be called. */
    @Override
    public void warmUp() {
        encode(new TokenBatch(List.of(new int[] {1}), Pooling.MEAN));
    }

    @Override
    public float[][] encode(TokenBatch batch) {
        byte[] vectors = pool.call(new TokenCall(batch));
        return floats(vectors, batch.rows().size(), dimension);
    }

    /**
     * Reads vectors.
     *
     * @throws IllegalStateException if they are not as many or not as long as they must be
     */
    static float[][] floats(byte[] bytes, int rows, int dimension) {
        if (bytes.length != rows * dimension * Float.BYTES) {
            throw new IllegalStateException(
                    "the worker gave " + bytes.length + " bytes for " + rows + " vectors of " + dimension + " numbers");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        float[][] vectors = new float[rows][dimension];
        for (int row = 0; row < rows; row++) {
            buffer.asFloatBuffer().get(row * dimension, vectors[row]);
        }
        return vectors;
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
