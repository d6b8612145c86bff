package com.akidb.embedding.mlx;

import com.akidb.embedding.EmbeddingBackend.BatchPolicy;
import com.akidb.embedding.EmbeddingBackend.TokenBackend;
import com.akidb.embedding.EmbeddingBackend.TokenBatch;
import com.akidb.embedding.mlx.MlxBackend.TokenCall;
import com.akidb.embedding.mlx.PythonModel.PythonCall;
import com.akidb.model.ModelSpec;
import com.akidb.model.Pooling;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.graalvm.polyglot.Value;

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

    /** Texts as token ids, for {@code akidb_mlx.host.Worker}. Numbers cross as bytes, in this machine's order. */
    record TokenCall(TokenBatch batch) implements PythonCall {

        @Override
        public Value of(Value model) {
            int width = model.invokeMember("padded_length", batch.longest()).asInt();
            return model.invokeMember(
                    "encode", ids(width), lengths(), width, batch.pooling().wireName());
        }

        private ByteBuffer ids(int width) {
            int rows = batch.rows().size();
            ByteBuffer ids = ByteBuffer.allocate(rows * width * Integer.BYTES).order(ByteOrder.nativeOrder());
            for (int row = 0; row < rows; row++) {
                ids.asIntBuffer().put(row * width, batch.rows().get(row));
            }
            return ids;
        }

        private ByteBuffer lengths() {
            ByteBuffer lengths =
                    ByteBuffer.allocate(batch.rows().size() * Integer.BYTES).order(ByteOrder.nativeOrder());
            batch.rows().forEach(row -> lengths.putInt(row.length));
            return lengths.rewind();
        }
    }

    /** Runs a model over texts of growing length before anybody else does, for a few seconds at most. */
    record WarmUp(Pooling pooling, int maxTokens) {

        private static final int[] LENGTHS = {4, 8, 12, 16, 24, 32, 64, 128};
        private static final Duration LONGEST = Duration.ofSeconds(3);

        void run(PythonModel model) {
            long start = System.nanoTime();
            for (int length : LENGTHS) {
                if (length <= maxTokens && System.nanoTime() - start < LONGEST.toNanos()) {
                    int[] row = new int[length];
                    Arrays.fill(row, 1);
                    model.run(new TokenCall(new TokenBatch(List.of(row), pooling)));
                }
            }
        }
    }
}
