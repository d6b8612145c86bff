package com.akidb.collection;

import com.akidb.embedding.EmbeddingManager;
import com.akidb.embedding.EmbeddingManager.ModelInfo;
import com.akidb.engine.TableEngine;
import com.akidb.model.ModelRegistry;
import com.akidb.model.ModelSource;
import com.akidb.model.ModelSpec;
import com.akidb.model.Pooling;
import com.akidb.table.ColumnEmbedder;
import com.akidb.table.NoComputedColumns;
import com.akidb.table.TestRows;
import com.akidb.table.search.TestSearches;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;

/** A collection service over any engine and a double of a model, in one call. */
public final class TestCollections {

    private TestCollections() {}

    /**
     * A service whose one model has the dimension that the double makes.
     *
     * @param leastDimension to which its vectors may be cut
     * @param mostSearches that may be under way
     */
    public static CollectionService create(
            TableEngine engine,
            EmbeddingManager embedding,
            int leastDimension,
            CollectionProperties properties,
            int mostSearches,
            ExecutorService threads) {
        ColumnEmbedder embedder = embedder(embedding, leastDimension);
        return new CollectionService(
                engine,
                embedding,
                embedder,
                TestRows.of(engine, new NoComputedColumns()),
                TestSearches.of(engine, embedder, mostSearches, threads),
                properties,
                InstantSource.system());
    }

    /** What embeds with the one model that the double has. */
    public static ColumnEmbedder embedder(EmbeddingManager embedding, int leastDimension) {
        ModelInfo model = embedding.modelInfo(null);
        return new ColumnEmbedder(embedding, registry(model.id(), model.dimension(), leastDimension));
    }

    private static ModelRegistry registry(String id, int dimension, int leastDimension) {
        ModelSpec only = new ModelSpec(
                id,
                List.of(),
                "onnx",
                dimension,
                64,
                Pooling.MEAN,
                "",
                true,
                "",
                leastDimension,
                "sentence",
                new ModelSource.ClassPath("a", "b"),
                null);
        return new ModelRegistry() {
            @Override
            public List<ModelSpec> models() {
                return List.of(only);
            }

            @Override
            public ModelSpec defaultModel() {
                return only;
            }

            @Override
            public ModelSpec resolve(String name) {
                return only;
            }
        };
    }
}
