package com.akidb.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The SIMD kernels against plain loops. */
class SegmentSimilarityTests {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 8, 15, 16, 17, 31, 32, 33, 100, 384, 1023})
    void agreesWithPlainLoops(int length) {
        Random random = new Random(length);
        float[] a = new float[length];
        float[] b = new float[length];
        double dot = 0;
        double squares = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < length; i++) {
            a[i] = (float) random.nextGaussian();
            b[i] = (float) random.nextGaussian();
            dot += (double) a[i] * b[i];
            squares += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
            aa += (double) a[i] * a[i];
            bb += (double) b[i] * b[i];
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment segment = arena.allocate(Float.BYTES * (length + 1L));
            MemorySegment.copy(b, 0, segment, ValueLayout.JAVA_FLOAT, Float.BYTES, length);
            float allowed = 1e-5f * length;
            assertThat(SegmentSimilarity.dot(a, segment, Float.BYTES)).isCloseTo((float) dot, within(allowed));
            assertThat(SegmentSimilarity.finiteDot(a, segment, Float.BYTES)).isCloseTo((float) dot, within(allowed));
            assertThat(SegmentSimilarity.squaredDistance(a, segment, Float.BYTES))
                    .isCloseTo((float) squares, within(allowed));
            assertThat(SegmentSimilarity.cosine(a, segment, Float.BYTES))
                    .isCloseTo((float) (dot / Math.sqrt(aa * bb)), within(1e-6f));
            assertThat(SegmentSimilarity.cosine(b, segment, Float.BYTES)).isEqualTo(1f);
            assertThat(Similarity.dot(a, b)).isCloseTo((float) dot, within(allowed));
            assertThat(Similarity.squaredDistance(a, b)).isCloseTo((float) squares, within(allowed));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 12})
    void estimatesFromCodesAsAPlainLoopDoes(int words) {
        Random random = new Random(words);
        int blockBytes = LevelKernel.blockBytes(words);
        int[] planes = random.ints(4L * words).toArray();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment codes = arena.allocate(4L * blockBytes, 64);
            for (long at = 0; at < codes.byteSize(); at += Integer.BYTES) {
                codes.set(ValueLayout.JAVA_INT, at, random.nextInt());
            }
            float[] expected = new float[64];
            for (int row = 0; row < 64; row++) {
                long lane = (row / 16) * (long) blockBytes + (row % 16) * 4L;
                int dot = 0;
                for (int word = 0; word < words; word++) {
                    int high = codes.get(ValueLayout.JAVA_INT, lane + word * 64L);
                    int low = codes.get(ValueLayout.JAVA_INT, lane + (words + word) * 64L);
                    int[] weights = {1, 2, 4, -8};
                    for (int plane = 0; plane < 4; plane++) {
                        int bits = planes[word * 4 + plane];
                        dot += weights[plane] * (2 * Integer.bitCount(high & bits) + Integer.bitCount(low & bits));
                    }
                }
                float factor = random.nextFloat();
                float bias = random.nextFloat() - 0.5f;
                codes.set(ValueLayout.JAVA_FLOAT, lane + 2L * words * 64, factor);
                codes.set(ValueLayout.JAVA_FLOAT, lane + 2L * words * 64 + 64, bias);
                expected[row] = factor * (0.25f * dot + 3) + bias;
            }
            float[] estimates = new float[64];
            long above = LevelKernel.estimate(codes, 0, words, planes, 0.25f, 3, Float.NEGATIVE_INFINITY, estimates);
            assertThat(above).isEqualTo(-1L);
            assertThat(estimates).containsExactly(expected, within(1e-3f));
            long half = LevelKernel.estimate(codes, 0, words, planes, 0.25f, 3, estimates[5], estimates);
            for (int row = 0; row < 64; row++) {
                assertThat((half >>> row & 1) == 1).isEqualTo(estimates[row] > estimates[5]);
            }
        }
    }
}
