package com.akidb.embedding.mlx;

import com.akidb.embedding.EmbeddingBackend.TokenBatch;
import com.akidb.model.Pooling;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

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
