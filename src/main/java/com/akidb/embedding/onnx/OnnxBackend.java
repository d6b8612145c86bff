package com.akidb.embedding.onnx;

import ai.onnxruntime.OrtException;
import com.akidb.embedding.EmbeddingBackend.BatchPolicy;
import com.akidb.embedding.EmbeddingBackend.TokenBackend;
import com.akidb.embedding.EmbeddingBackend.TokenBatch;
import com.akidb.embedding.onnx.OnnxModel.Buffers;
import com.akidb.model.Pooling;
import java.util.Arrays;
import java.util.Collections;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A model of ONNX Runtime in this process. */
final class OnnxBackend implements TokenBackend {

    private static final int[] WARM_UP_LENGTHS = {4, 8, 12, 16, 24, 32, 64, 128};

    private final OnnxModel model;
    private final OnnxModel wide;
    private final AtomicInteger running = new AtomicInteger();
    private final OnnxProperties settings;
    private final int maxTokens;
    private final Queue<Buffers> spare = new ConcurrentLinkedQueue<>();

    /**
     * Takes opened models; closes them.
     *
     * @param model runs each call in the calling thread, which under load is fastest
     * @param wide runs a call that is alone by several threads; may be the same
     */
    OnnxBackend(OnnxModel model, OnnxModel wide, OnnxProperties settings, int maxTokens) {
        this.model = model;
        this.wide = wide;
        this.settings = settings;
        this.maxTokens = maxTokens;
    }

    @Override
    public void warmUp() {
        for (int length : WARM_UP_LENGTHS) {
            if (length <= maxTokens) {
                int[] row = new int[length];
                Arrays.fill(row, 1);
                encode(new TokenBatch(Collections.nCopies(1, row), Pooling.MEAN));
                encode(new TokenBatch(
                        Collections.nCopies(Math.max(1, settings.maxBatchTokens() / length), row), Pooling.MEAN));
            }
        }
    }

    @Override
    public float[][] encode(TokenBatch batch) {
        int length = batch.longest();
        Buffers buffers = spare.poll();
        if (buffers == null) {
            buffers = new Buffers(model.hidden(), Math.max(settings.maxBatchTokens(), length));
        }
        try {
            buffers.fill(batch.rows(), length);
            run(buffers, batch.rows().size(), length);
            return TokenPooling.pool(buffers.states(), batch.rows(), length, model.hidden(), batch.pooling());
        } catch (OrtException e) {
            throw new IllegalStateException(e.getMessage(), e);
        } finally {
            spare.add(buffers);
        }
    }

    private void run(Buffers buffers, int rows, int length) throws OrtException {
        boolean alone = running.incrementAndGet() == 1;
        try {
            (alone ? wide : model).run(buffers, rows, length);
        } finally {
            running.decrementAndGet();
        }
    }

    @Override
    public int parallelism() {
        return settings.workersOrCores();
    }

    @Override
    public BatchPolicy batchPolicy() {
        return new BatchPolicy(Integer.MAX_VALUE, settings.maxBatchTokens(), settings.maxPadding());
    }

    @Override
    public void close() {
        model.close();
        if (wide != model) {
            wide.close();
        }
    }
}
