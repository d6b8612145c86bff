package com.akidb.embedding;

import com.akidb.embedding.batching.BatchingProperties;
import com.akidb.embedding.onnx.OnnxBackendFactory;
import com.akidb.embedding.onnx.OnnxProperties;
import com.akidb.model.Downloads;
import com.akidb.model.EmbeddingDefaults;
import com.akidb.model.ModelLoader;
import com.akidb.model.ModelRegistry;
import com.akidb.model.ModelSettings;
import com.akidb.model.hub.FakeHub;
import com.akidb.model.loading.CachingModelLoader;
import com.akidb.model.registry.RegisteredModels;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.util.unit.DataSize;

/** The real model, as the server has it. */
public final class RealModel {

    private static final ModelSettings SETTINGS =
            new ModelSettings(null, List.of(), Map.of(), Path.of("target", "model-cache"));
    private static final EmbeddingDefaults DEFAULTS =
            new EmbeddingDefaults("all-minilm-l6-v2", null, true, null, false, 32);

    private RealModel() {}

    public static ModelRegistry registry() {
        return RegisteredModels.of(SETTINGS, DEFAULTS);
    }

    public static ModelLoader loader() {
        return new CachingModelLoader(
                SETTINGS, FakeHub.settings("http://localhost:1", Path.of("none")), DEFAULTS, new Downloads());
    }

    static LocalEmbeddingManager manager() {
        return manager(List.of(new OnnxBackendFactory(new OnnxProperties(0, 1, 128, 8))), new SimpleMeterRegistry());
    }

    static LocalEmbeddingManager manager(List<EmbeddingBackendFactory> backends, MeterRegistry meters) {
        return manager(
                backends,
                meters,
                new BatchingProperties(
                        1000, Duration.ofMillis(10), true, Duration.ofSeconds(20), Duration.ofMinutes(10)));
    }

    /** A manager of a configuration that does not scale vectors unless it is asked to. */
    static LocalEmbeddingManager managerWithoutNormalizing() {
        return manager(
                List.of(new OnnxBackendFactory(new OnnxProperties(1, 1, 128, 8))),
                new SimpleMeterRegistry(),
                new BatchingProperties(
                        1000, Duration.ofMillis(10), true, Duration.ofSeconds(20), Duration.ofMinutes(10)),
                new Tokenizing(),
                false);
    }

    static LocalEmbeddingManager manager(
            List<EmbeddingBackendFactory> backends, MeterRegistry meters, BatchingProperties batching) {
        return manager(backends, meters, batching, new Tokenizing(), true);
    }

    /** A manager that tokenises long texts on these threads. */
    static LocalEmbeddingManager manager(Tokenizing tokenizing) {
        return manager(
                List.of(new OnnxBackendFactory(new OnnxProperties(1, 1, 128, 8))),
                new SimpleMeterRegistry(),
                new BatchingProperties(
                        1000, Duration.ofMillis(10), true, Duration.ofSeconds(20), Duration.ofMinutes(10)),
                tokenizing,
                true);
    }

    private static LocalEmbeddingManager manager(
            List<EmbeddingBackendFactory> backends,
            MeterRegistry meters,
            BatchingProperties batching,
            Tokenizing tokenizing,
            boolean normalizes) {
        EmbeddingMetrics metrics = new EmbeddingMetrics(meters);
        return new LocalEmbeddingManager(
                registry(),
                new LoadedModels(loader(), backends, batching, 32, metrics),
                new VectorCache(new CacheProperties(10_000, DataSize.ofMegabytes(32))),
                metrics,
                tokenizing,
                normalizes);
    }
}
