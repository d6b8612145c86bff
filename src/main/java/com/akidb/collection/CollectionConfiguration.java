package com.akidb.collection;

import com.akidb.embedding.EmbeddingManager;
import com.akidb.engine.TableEngine;
import com.akidb.table.ColumnEmbedder;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the collections. */
@Configuration(proxyBeanMethods = false)
class CollectionConfiguration {

    /** Threads of the platform, one per core: a search computes, and more of them at once would only slow each other. */
    @Bean(destroyMethod = "close", defaultCandidate = false)
    ExecutorService searchThreads(CollectionProperties properties) {
        int threads = properties.searchThreads() == 0
                ? Runtime.getRuntime().availableProcessors()
                : properties.searchThreads();
        return Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().name("akidb-search-", 0).daemon().factory());
    }

    @Bean
    CollectionService collectionService(
            TableEngine engine,
            EmbeddingManager embedding,
            ColumnEmbedder embedder,
            CollectionProperties properties,
            @Qualifier("searchThreads") ExecutorService searchThreads) {
        return create(engine, embedding, embedder, properties, InstantSource.system(), searchThreads);
    }

    static CollectionService create(
            TableEngine engine,
            EmbeddingManager embedding,
            ColumnEmbedder embedder,
            CollectionProperties properties,
            InstantSource clock,
            ExecutorService searchThreads) {
        DocumentRules rules = new DocumentRules(properties);
        NormWarnings norms = new NormWarnings(clock);
        return new TableCollectionService(
                engine,
                embedding,
                new DocumentInserts(engine, embedder, rules, norms, new DocumentIds(clock)),
                new DocumentSearches(engine, embedder, rules, properties.maxConcurrentSearches(), searchThreads),
                norms,
                properties.maxDimension());
    }
}
