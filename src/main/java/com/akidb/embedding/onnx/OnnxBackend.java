package com.akidb.embedding.onnx;

import ai.onnxruntime.OrtException;
import com.akidb.embedding.BatchPolicy;
import com.akidb.embedding.EmbeddingBackend;
import com.akidb.embedding.TokenBatch;
import com.akidb.model.Pooling;
import java.util.Arrays;
import java.util.Collections;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A model of ONNX Runtime in this process. */
final class OnnxBackend implements EmbeddingBackend {

    private static final int[] WARM_UP_LENGTHS = {4, 8, 12, 16, 24, 32, 64, 128};

    private final OnnxModel model;
    private final OnnxProperties settings;
    private final int maxTokens;
    private final Queue<OnnxBuffers> spare = new ConcurrentLinkedQueue<>();

    OnnxBackend(OnnxModel model, OnnxProperties settings, int maxTokens) {
        this.model = model;
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
        OnnxBuffers buffers = spare.poll();
        if (buffers == null) {
            buffers = new OnnxBuffers(model.hidden(), Math.max(settings.maxBatchTokens(), length));
        }
        try {
            buffers.fill(batch.rows(), length);
            model.run(buffers, batch.rows().size(), length);
            return TokenPooling.pool(buffers.states(), batch.rows(), length, model.hidden(), batch.pooling());
        } catch (OrtException e) {
            throw new IllegalStateException(e.getMessage(), e);
        } finally {
            spare.add(buffers);
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
    }
}
