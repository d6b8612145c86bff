package com.akidb.embedding;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.akidb.embedding.EmbeddingBackend.BatchPolicy;
import com.akidb.embedding.batching.BatchingProperties;
import com.akidb.embedding.onnx.OnnxProperties;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

/** Settings that make no sense are refused with their key. */
class EmbeddingPropertiesTests {

    @Test
    void refusesBatching() {
        refuses("akidb.batching.queue-capacity", () -> batching(0, Duration.ZERO, Duration.ZERO));
        refuses("akidb.batching.max-wait", () -> batching(1, Duration.ofMillis(-1), Duration.ZERO));
        refuses("akidb.batching.max-wait", () -> batching(1, Duration.ofMinutes(1), Duration.ZERO));
        refuses("akidb.batching.drain-timeout", () -> batching(1, Duration.ZERO, Duration.ofMillis(-1)));
        refuses(
                "akidb.batching.max-queue-time",
                () -> new BatchingProperties(1, Duration.ZERO, true, Duration.ZERO, Duration.ZERO));
    }

    @Test
    void refusesOnnx() {
        refuses("akidb.onnx.workers", () -> new OnnxProperties(-1, 1, 128, 8));
        refuses("akidb.onnx.idle-threads", () -> new OnnxProperties(0, 0, 128, 8));
        refuses("akidb.onnx.max-batch-tokens", () -> new OnnxProperties(0, 1, 0, 8));
        refuses("akidb.onnx.max-padding", () -> new OnnxProperties(0, 1, 128, -1));
    }

    @Test
    void refusesCache() {
        refuses("akidb.cache.max-vectors", () -> new CacheProperties(-1, null));
        refuses("akidb.cache.max-size", () -> new CacheProperties(1, DataSize.ofBytes(-1)));
    }

    @Test
    void refusesBatchesWithoutRoom() {
        refuses("room", () -> new BatchPolicy(0, 1, 0));
    }

    private static BatchingProperties batching(int capacity, Duration wait, Duration drain) {
        return new BatchingProperties(capacity, wait, true, drain, Duration.ofMinutes(10));
    }

    private static void refuses(String key, Supplier<?> settings) {
        assertThatIllegalArgumentException().isThrownBy(settings::get).withMessageContaining(key);
    }
}
