package com.akidb.collection;

import com.akidb.embedding.EmbeddingManager;
import com.akidb.engine.TableEngine;
import com.akidb.table.ColumnEmbedder;
import com.akidb.table.RowService;
import com.akidb.table.SearchService;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the collections. */
@Configuration(proxyBeanMethods = false)
class CollectionConfiguration {

    @Bean
    CollectionService collectionService(
            TableEngine engine,
            EmbeddingManager embedding,
            ColumnEmbedder embedder,
            RowService rows,
            SearchService searches,
            CollectionProperties properties) {
        return new CollectionService(engine, embedding, embedder, rows, searches, properties, InstantSource.system());
    }
}
