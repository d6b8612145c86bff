package com.akidb.embedding;

import com.akidb.embedding.EmbeddingBackend.BatchPolicy;
import com.akidb.embedding.EmbeddingBackend.TokenBackend;
import com.akidb.embedding.EmbeddingBackend.TokenBatch;
import com.akidb.model.ModelFiles;
import com.akidb.model.ModelSpec;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A backend of one worker that answers only when let, so that tests decide what meets in the queue. */
public final class GatedBackend implements TokenBackend, EmbeddingBackendFactory {

    private static final int DIMENSION = 384;

    private final BlockingQueue<TokenBatch> calls = new LinkedBlockingQueue<>();
    private final Semaphore gate = new Semaphore(0);
    private final BatchPolicy policy;
    private volatile Function<TokenBatch, float[][]> answer = GatedBackend::lengths;
    private volatile boolean closed;

    public GatedBackend(BatchPolicy policy) {
        this.policy = policy;
    }

    /** Vectors that tell a row's length and first word. */
    private static float[][] lengths(TokenBatch batch) {
        float[][] vectors = new float[batch.rows().size()][DIMENSION];
        for (int i = 0; i < vectors.length; i++) {
            int[] row = batch.rows().get(i);
            vectors[i][0] = row.length;
            vectors[i][1] = row.length > 1 ? row[1] : row[0];
        }
        return vectors;
    }

    /** Waits until a worker is inside a call and says what it got. */
    public TokenBatch awaitCall() throws InterruptedException {
        TokenBatch call = calls.poll(20, TimeUnit.SECONDS);
        if (call == null) {
            throw new AssertionError("No call came");
        }
        return call;
    }

    /** Whether no call is waiting to be looked at. */
    public boolean sawNoFurtherCall() {
        return calls.isEmpty();
    }

    public void letOneThrough() {
        gate.release();
    }

    public void letAllThrough() {
        gate.release(1_000_000);
    }

    public void answerBy(Function<TokenBatch, float[][]> other) {
        answer = other;
    }

    public void answerNormally() {
        answer = GatedBackend::lengths;
    }

    public boolean isClosed() {
        return closed;
    }

    @Override
    public float[][] encode(TokenBatch batch) {
        calls.add(batch);
        gate.acquireUninterruptibly();
        return answer.apply(batch);
    }

    @Override
    public void warmUp() {}

    @Override
    public int parallelism() {
        return 1;
    }

    @Override
    public BatchPolicy batchPolicy() {
        return policy;
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public String kind() {
        return "onnx";
    }

    @Override
    public EmbeddingBackend open(ModelSpec spec, ModelFiles files) {
        return this;
    }
}
