package com.akidb.model;

import com.akidb.model.files.CachingModelLoader;
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
    ModelLoader modelLoader(ModelSettings settings, EmbeddingDefaults defaults) {
        return CachingModelLoader.of(settings, defaults);
    }
}
