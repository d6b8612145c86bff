package com.akidb.table.similarity;

import com.akidb.engine.TableEngine;
import com.akidb.table.ColumnEmbedder;
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
    EngineSimilarity similarity(TableEngine engine, ColumnEmbedder embedder, SearchThreads threads) {
        return new EngineSimilarity(
                engine, new Probes(engine, embedder, threads), new HybridSearch(engine, threads), threads);
    }
}
