package com.akidb.embedding;

import com.akidb.embedding.batching.BatchingProperties;
import com.akidb.embedding.mlx.MlxBackendFactory;
import com.akidb.embedding.mlx.MlxProperties;
import com.akidb.embedding.onnx.OnnxBackendFactory;
import com.akidb.embedding.onnx.OnnxProperties;
import com.akidb.embedding.openai.OpenAiBackendFactory;
import com.akidb.embedding.openai.OpenAiProperties;
import com.akidb.memory.MemoryUse;
import com.akidb.model.EmbeddingDefaults;
import com.akidb.model.ModelLoader;
import com.akidb.model.ModelRegistry;
import com.akidb.model.ModelVariants;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes the embedding manager and the backends behind it. */
@Configuration(proxyBeanMethods = false)
class EmbeddingConfiguration {

    @Bean
    OnnxBackendFactory onnxBackendFactory(OnnxProperties settings) {
        return new OnnxBackendFactory(settings);
    }

    @Bean
    OpenAiBackendFactory openAiBackendFactory(OpenAiProperties settings) {
        return new OpenAiBackendFactory(settings, System::getenv);
    }

    @Bean
    MemoryUse vectorCacheUse(CacheProperties cache) {
        return new MemoryUse("vectors of texts", cache.maxBytes());
    }

    @Bean(destroyMethod = "close")
    MlxBackendFactory mlxBackendFactory(MlxProperties settings, MeterRegistry meters) {
        return new MlxBackendFactory(settings, meters);
    }

    @Bean(destroyMethod = "close")
    LocalEmbeddingManager embeddingManager(
            ModelRegistry registry,
            ModelLoader loader,
            List<EmbeddingBackendFactory> backends,
            EmbeddingDefaults defaults,
            BatchingProperties batching,
            CacheProperties cache,
            MeterRegistry meters) {
        EmbeddingMetrics metrics = new EmbeddingMetrics(meters);
        LoadedModels models = new LoadedModels(loader, backends, batching, defaults.batchSize(), metrics);
        LocalEmbeddingManager manager = new LocalEmbeddingManager(
                registry, models, new VectorCache(cache), metrics, new Tokenizing(), defaults.normalize());
        // Loads beside the rest of the start; whoever opens the ports waits for it and hears of a failure.
        var unused = manager.preload(registry.defaultModel().id());
        return manager;
    }

    @Bean
    ClientModels clientModels(
            EmbeddingManager manager, ModelRegistry registry, ModelLoader loader, ModelVariants variants) {
        return new TriedClientModels(manager, registry, loader, variants);
    }
}
