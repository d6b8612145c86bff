package com.akidb.embedding.mlx;

import com.akidb.embedding.BatchPolicy;
import com.akidb.embedding.TextBackend;
import com.akidb.embedding.TextBatch;
import com.akidb.embedding.TextVectors;
import com.akidb.embedding.WorkerCounts;
import com.akidb.model.Pooling;
import java.util.List;
import java.util.Optional;
import org.graalvm.polyglot.proxy.ProxyArray;

/** A user's own package, which takes texts. */
final class MlxTextBackend implements TextBackend {

    private final WorkerPool pool;
    private final int dimension;
    private final MlxProperties settings;

    MlxTextBackend(WorkerPool pool, int dimension, MlxProperties settings) {
        this.pool = pool;
        this.dimension = dimension;
        this.settings = settings;
    }

    @Override
    public void warmUp() {
        encode(new TextBatch(List.of("warm"), Pooling.MEAN));
    }

    @Override
    public TextVectors encode(TextBatch batch) {
        ProxyArray texts = ProxyArray.fromArray(batch.texts().toArray());
        byte[] vectors = pool.call(model -> model.invokeMember("embed", texts));
        return TextVectors.estimating(
                batch, MlxBackend.floats(vectors, batch.texts().size(), dimension));
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
