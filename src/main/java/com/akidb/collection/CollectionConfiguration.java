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
        return create(engine, embedding, embedder, rows, searches, properties, InstantSource.system());
    }

    static CollectionService create(
            TableEngine engine,
            EmbeddingManager embedding,
            ColumnEmbedder embedder,
            RowService rows,
            SearchService searches,
            CollectionProperties properties,
            InstantSource clock) {
        DocumentRules rules = new DocumentRules(properties);
        NormWarnings norms = new NormWarnings(clock);
        return new TableCollectionService(
                engine,
                embedding,
                rows,
                searches,
                new DocumentWrites(engine, embedder, rules, norms, new DocumentIds(clock)),
                rules,
                norms,
                properties.maxDimension());
    }
}
