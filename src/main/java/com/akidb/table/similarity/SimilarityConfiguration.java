package com.akidb.table.similarity;

import com.akidb.embedding.EmbeddingManager;
import com.akidb.engine.TableEngine;
import com.akidb.model.ModelRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires search by similarity. */
@Configuration(proxyBeanMethods = false)
class SimilarityConfiguration {

    @Bean(destroyMethod = "close")
    SearchThreads similarityThreads() {
        return new SearchThreads();
    }

    @Bean
    EngineSimilarity similarity(
            TableEngine engine, EmbeddingManager manager, ModelRegistry models, SearchThreads threads) {
        return new EngineSimilarity(
                engine, new Probes(engine, manager, models, threads), new HybridSearch(engine, threads), threads);
    }
}
