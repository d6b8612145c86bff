package com.akidb.model;

import com.akidb.model.loading.CachingModelLoader;
import com.akidb.model.registry.RegisteredModels;
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
    ModelLoader modelLoader(ModelSettings settings, HubSettings hub, EmbeddingDefaults defaults) {
        return new CachingModelLoader(settings, hub, defaults);
    }
}
