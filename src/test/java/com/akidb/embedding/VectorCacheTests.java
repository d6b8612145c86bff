package com.akidb.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.embedding.VectorCache.VectorSpace;
import com.akidb.model.Pooling;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class VectorCacheTests {

    private static final int LARGEST = 3_072;

    private static VectorCache.Key put(VectorCache cache, String text, int dimension) {
        VectorSpace space = new VectorSpace("model", Pooling.MEAN, false, dimension, "");
        VectorCache.Key key = new VectorCache.Key(space, text);
        Flight flight = new Flight(space, new LoadedModel.Prepared(text, new int[] {1}, 1, false));
        cache.enter(key, flight);
        float[] vector = new float[dimension];
        vector[0] = 1;
        flight.complete(vector, 1);
        return key;
    }

    private static long kept(@Nullable DataSize size, int vectors, int texts, int dimension, String end) {
        VectorCache cache = new VectorCache(new CacheProperties(vectors, size));
        return IntStream.range(0, texts).mapToObj(i -> put(cache, i + end, dimension)).toList().stream()
                .filter(key -> cache.find(key) != null)
                .count();
    }

    @Test
    void keepsAsManyVectorsAsItIsToldOfTheLargestModelsToo() {
        assertThat(kept(null, 200, 200, LARGEST, "")).isEqualTo(200);
        assertThat(kept(null, 200, 300, 2, "")).isEqualTo(200);
    }

    @Test
    void keepsFewerWhereTheirMemoryWouldBeTooMuch() {
        assertThat(kept(DataSize.ofKilobytes(200), 1_000, 1_000, LARGEST, "")).isBetween(5L, 16L);
        assertThat(kept(null, 100, 100, 2, "long".repeat(20_000))).isBetween(5L, 16L);
    }
}
