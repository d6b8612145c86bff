package com.akidb.model;

import com.akidb.model.loading.CachingModelLoader;
import com.akidb.model.registry.RegisteredModels;
import com.akidb.model.variants.CachedModelVariants;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes the room's two doors: the registry and the loader. */
@Configuration(proxyBeanMethods = false)
class ModelConfiguration {

    @Bean
    ModelRegistry modelRegistry(ModelSettings settings, EmbeddingDefaults defaults) {
        return RegisteredModels.of(settings, defaults);
    }

    @Bean
    Downloads downloads() {
        return new Downloads();
    }

    @Bean
    ModelLoader modelLoader(ModelSettings settings, HubSettings hub, EmbeddingDefaults defaults, Downloads downloads) {
        return new CachingModelLoader(settings, hub, defaults, downloads);
    }

    @Bean
    ModelVariants modelVariants(ModelSettings settings) {
        return new CachedModelVariants(settings.cacheDir());
    }

    @Bean
    MeterBinder downloadMetrics(Downloads downloads) {
        return registry -> {
            Gauge.builder("akidb.model.download.bytes", downloads, Downloads::bytes)
                    .description("Bytes that are here of the files of models that are being downloaded")
                    .register(registry);
            Gauge.builder("akidb.model.download.size.bytes", downloads, Downloads::size)
                    .description("Bytes that the files of models have which are being downloaded; 0 if there are none")
                    .register(registry);
        };
    }
}
