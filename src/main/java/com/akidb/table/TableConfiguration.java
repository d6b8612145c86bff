package com.akidb.table;

import com.akidb.embedding.EmbeddingManager;
import com.akidb.engine.TableEngine;
import com.akidb.model.ModelRegistry;
import com.akidb.table.computed.ColumnFills;
import com.akidb.table.computed.EmbeddedCells;
import com.akidb.table.computed.EngineComputedColumns;
import com.akidb.table.search.EngineSearch;
import com.akidb.table.search.SearchProperties;
import com.akidb.table.sql.EngineSqlService;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Wires the tables. */
@Configuration(proxyBeanMethods = false)
class TableConfiguration {

    @Bean
    TableDirectory tableDirectory(TableEngine engine) {
        return new TableDirectory(engine);
    }

    @Bean
    TableService tableService(TableEngine engine, TableDirectory directory) {
        return new TableService(engine, directory);
    }

    @Bean
    IndexService indexService(TableEngine engine, TableDirectory directory) {
        return new IndexService(engine, directory);
    }

    @Bean
    RowService rowService(
            TableEngine engine, TableDirectory directory, ComputedCells computed, TableProperties properties) {
        return new RowService(engine, directory, properties, computed);
    }

    @Bean
    ColumnEmbedder columnEmbedder(EmbeddingManager manager, ModelRegistry models) {
        return new ColumnEmbedder(manager, models);
    }

    /** Threads of the platform, one per core: a search computes, and more of them at once would only slow each other. */
    @Bean(destroyMethod = "close", defaultCandidate = false)
    ExecutorService searchThreads(SearchProperties bounds, Environment settings) {
        int wanted = settings.getProperty("akidb.collection.search-threads", Integer.class, bounds.threads());
        int threads = wanted == 0 ? Runtime.getRuntime().availableProcessors() : wanted;
        return Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().name("akidb-search-", 0).daemon().factory());
    }

    /** Collections once had settings of their own, which still hold, for all searches. */
    @Bean
    SearchService searchService(
            TableEngine engine,
            ColumnEmbedder embedder,
            SearchProperties bounds,
            Environment settings,
            @Qualifier("searchThreads") ExecutorService searchThreads) {
        int mostAtOnce =
                settings.getProperty("akidb.collection.max-concurrent-searches", Integer.class, bounds.maxConcurrent());
        return new EngineSearch(engine, embedder, mostAtOnce, searchThreads);
    }

    @Bean
    SqlService sqlService(
            TableEngine engine,
            TableDirectory directory,
            ColumnEmbedder embedder,
            SearchService searches,
            SqlProperties limits) {
        return new EngineSqlService(engine, directory, embedder, searches, limits);
    }

    @Bean
    ComputedCells computedCells(ColumnEmbedder embedder) {
        return new EmbeddedCells(embedder);
    }

    @Bean(destroyMethod = "close")
    ColumnFills columnFills(TableEngine engine, ColumnEmbedder embedder, MeterRegistry meters) {
        return new ColumnFills(engine, embedder, meters, InstantSource.system());
    }

    @Bean
    ComputedColumnService computedColumnService(
            TableEngine engine, TableDirectory directory, ModelRegistry models, ColumnFills fills) {
        return new EngineComputedColumns(engine, directory, models, fills);
    }
}
