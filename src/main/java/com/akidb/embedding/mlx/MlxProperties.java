package com.akidb.embedding.mlx;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Workers that run MLX models in Python; docs/MLX-EMBEDDING-GUIDE.md explains them.
 *
 * @param site the directory that python/mlx_core/build.py printed; if absent, the newest in
 *     {@code ~/.cache/akidb/mlx} or in the directory named by the environment variable AKIDB_MLX_CACHE
 * @param pythonPath directories of your own Python packages, searched before all others
 * @param service your own module, whose {@code EmbeddingService(model).embed(texts)} embeds instead of AkiDB's
 *     package; if absent, {@code akidb_mlx.embedding_service} where one of your directories has it without a
 *     {@code host} beside it
 * @param isolation how workers are isolated: context (an interpreter each; Linux only) or thread (one interpreter,
 *     shared weights); thread if absent
 * @param poolSize number of workers per model, 1 to 16
 * @param maxConcurrentCalls maximum number of concurrent calls into Python, over all models, 1 to 64
 * @param callTimeout time after which a worker that has not answered is replaced
 * @param loadTimeout how long a worker may take to load its model
 * @param interruptTimeout time after which Python code that was told to stop is considered to hang in native code
 * @param closeTimeout how long a worker may take to finish and close when the server stops
 * @param maxBatchTokens maximum number of tokens in one call, padding included; a longer text is sent on its own
 * @param maxLostWorkers number of a model's workers hanging in native code at which the server reports that it
 *     cannot embed and starts no replacements, 1 to 16; the remaining workers still answer
 * @param collectAbove growth of MLX's memory beyond the loaded models at which garbage is collected
 * @param leakAbove growth of MLX's memory that survives garbage collection at which workers are replaced
 */
@ConfigurationProperties("akidb.mlx")
public record MlxProperties(
        @Nullable Path site,
        @DefaultValue List<Path> pythonPath,
        @Nullable String service,
        @Nullable Isolation isolation,
        @DefaultValue("2") int poolSize,
        @DefaultValue("4") int maxConcurrentCalls,
        @DefaultValue("2m") Duration callTimeout,
        @DefaultValue("5m") Duration loadTimeout,
        @DefaultValue("5s") Duration interruptTimeout,
        @DefaultValue("20s") Duration closeTimeout,
        @DefaultValue("512") int maxBatchTokens,
        @DefaultValue("2") int maxLostWorkers,
        @DefaultValue("256MB") DataSize collectAbove,
        @DefaultValue("1GB") DataSize leakAbove) {

    public MlxProperties {
        pythonPath = List.copyOf(pythonPath);
        requireWithin("pool-size", poolSize, 16);
        requireWithin("max-concurrent-calls", maxConcurrentCalls, 64);
        requireWithin("max-batch-tokens", maxBatchTokens, 1_048_576);
        requireWithin("max-lost-workers", maxLostWorkers, 16);
        requirePositive("call-timeout", callTimeout);
        requirePositive("load-timeout", loadTimeout);
        requirePositive("interrupt-timeout", interruptTimeout);
        requirePositive("close-timeout", closeTimeout);
        if (collectAbove.toBytes() < 1 || leakAbove.compareTo(collectAbove) < 0) {
            throw new IllegalArgumentException(
                    "akidb.mlx.collect-above must be positive, and akidb.mlx.leak-above at least as much");
        }
    }

    private static void requireWithin(String key, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException("akidb.mlx." + key + " must be 1 to " + most);
        }
    }

    private static void requirePositive(String key, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException("akidb.mlx." + key + " must be positive");
        }
    }

    Isolation isolationOrDefault() {
        return isolation == null ? Isolation.THREAD : isolation;
    }
}
