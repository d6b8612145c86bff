package com.akidb.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.embedding.EmbeddingBackend.TokenBackend;
import com.akidb.embedding.EmbeddingBackend.TokenBatch;
import com.akidb.model.Pooling;
import com.akidb.vector.Similarity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every backend must do. Rows are random token ids; a backend need not know what they mean. */
public abstract class EmbeddingBackendContract {

    private TokenBackend backend;

    /** Opens the backend under test. */
    protected abstract TokenBackend open();

    /** Length of its vectors. */
    protected abstract int dimension();

    /** Token ids are below this. */
    protected abstract int vocabulary();

    @BeforeEach
    void openBackend() {
        backend = open();
    }

    @AfterEach
    void closeBackend() {
        backend.close();
    }

    @Test
    void warmsUpMoreThanOnce() {
        backend.warmUp();
        backend.warmUp();
    }

    @Test
    void allowsCallsAndTexts() {
        assertThat(backend.parallelism()).isPositive();
        assertThat(backend.batchPolicy().maxTexts()).isPositive();
    }

    @ParameterizedTest
    @EnumSource
    void givesOneFiniteVectorPerRow(Pooling pooling) {
        float[][] vectors = backend.encode(new TokenBatch(rows(1, 3, 3, 9), pooling));

        assertThat(vectors).hasNumberOfRows(4);
        for (float[] vector : vectors) {
            assertThat(vector).hasSize(dimension());
            for (float value : vector) {
                assertThat(value).isFinite();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void givesARowTheSameVectorWhateverIsBesideIt(Pooling pooling) {
        List<int[]> rows = rows(5, 12, 12, 7, 40, 1);
        float[][] together = backend.encode(new TokenBatch(rows, pooling));

        for (int i = 0; i < rows.size(); i++) {
            float[] alone = backend.encode(new TokenBatch(List.of(rows.get(i)), pooling))[0];
            assertThat(Similarity.cosine(alone, together[i])).isGreaterThan(0.99999f);
        }
    }

    @Test
    void givesRowsInOrder() {
        List<int[]> rows = rows(6, 6, 6);
        float[][] forward = backend.encode(new TokenBatch(rows, Pooling.MEAN));
        float[][] backward = backend.encode(new TokenBatch(rows.reversed(), Pooling.MEAN));

        for (int i = 0; i < 3; i++) {
            assertThat(Similarity.cosine(forward[i], backward[2 - i])).isGreaterThan(0.99999f);
            assertThat(Similarity.cosine(forward[i], forward[(i + 1) % 3])).isLessThan(0.999f);
        }
    }

    @Test
    void answersConcurrentCallsAsItAnswersOneByOne() throws Exception {
        List<List<int[]>> batches = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            batches.add(rows(1 + i % 6, 10 - i % 9, 4));
        }
        List<float[][]> expected = batches.stream()
                .map(rows -> backend.encode(new TokenBatch(rows, Pooling.MEAN)))
                .toList();
        try (ExecutorService callers = Executors.newFixedThreadPool(backend.parallelism())) {
            List<Callable<float[][]>> calls = batches.stream()
                    .map(rows -> (Callable<float[][]>) () -> backend.encode(new TokenBatch(rows, Pooling.MEAN)))
                    .toList();
            List<Future<float[][]>> answers = callers.invokeAll(calls);
            for (int batch = 0; batch < batches.size(); batch++) {
                float[][] answer = answers.get(batch).get();
                for (int row = 0; row < answer.length; row++) {
                    assertThat(Similarity.cosine(answer[row], expected.get(batch)[row]))
                            .isGreaterThan(0.99999f);
                }
            }
        }
    }

    @Test
    void takesAsManyTokensAsItsPolicySaysAndMore() {
        int tokens = Math.min(backend.batchPolicy().maxTokens(), 1024);
        int[] lengths = new int[tokens / 4 + 1];
        Arrays.fill(lengths, 5);

        assertThat(backend.encode(new TokenBatch(rows(lengths), Pooling.MEAN))).hasNumberOfRows(lengths.length);
    }

    private List<int[]> rows(int... lengths) {
        Random random = new Random(Arrays.hashCode(lengths));
        List<int[]> rows = new ArrayList<>();
        for (int length : lengths) {
            rows.add(random.ints(length, 1, vocabulary()).toArray());
        }
        return rows;
    }
}
