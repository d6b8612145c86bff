package com.akidb.table.search;

import com.akidb.engine.TableEngine;
import com.akidb.table.ColumnEmbedder;
import com.akidb.table.SearchService;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires searches. Collections had bounds of their own once; those settings still hold, for all searches. */
@Configuration(proxyBeanMethods = false)
class SearchConfiguration {

    /** Threads of the platform, one per core: a search computes, and more of them at once would only slow each other. */
    @Bean(destroyMethod = "close", defaultCandidate = false)
    ExecutorService searchThreads(
            SearchProperties bounds, @Value("${akidb.collection.search-threads:#{null}}") @Nullable Integer earlier) {
        int wanted = earlier == null ? bounds.threads() : earlier;
        int threads = wanted == 0 ? Runtime.getRuntime().availableProcessors() : wanted;
        return Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().name("akidb-search-", 0).daemon().factory());
    }

    @Bean
    SearchService searchService(
            TableEngine engine,
            ColumnEmbedder embedder,
            SearchProperties bounds,
            @Value("${akidb.collection.max-concurrent-searches:#{null}}") @Nullable Integer earlier,
            @Qualifier("searchThreads") ExecutorService searchThreads) {
        int mostAtOnce = earlier == null ? bounds.maxConcurrent() : earlier;
        return create(engine, embedder, mostAtOnce, searchThreads);
    }

    static SearchService create(TableEngine engine, ColumnEmbedder embedder, int mostAtOnce, Executor threads) {
        SearchThreads bounded = new SearchThreads(mostAtOnce, threads);
        return new EngineSearch(engine, new QueryVectors(engine, embedder, bounded), bounded);
    }
}
