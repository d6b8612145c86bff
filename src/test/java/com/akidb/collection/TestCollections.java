package com.akidb.collection;

import com.akidb.model.ModelRegistry;
import com.akidb.model.ModelSource;
import com.akidb.model.ModelSpec;
import com.akidb.model.Pooling;
import com.akidb.table.ColumnEmbedder;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;

/** A collection service over doubles, in one call. */
public final class TestCollections {

    private TestCollections() {}

    /** A service whose model {@code words} has 8 dimensions and may be cut to 4. */
    public static CollectionService create(
            SteeredEngine engine,
            WordEmbedding embedding,
            CollectionProperties properties,
            InstantSource clock,
            ExecutorService threads) {
        return CollectionConfiguration.create(engine, embedding, embedder(embedding), properties, clock, threads);
    }

    /** What embeds with the model {@code words}, which has 8 dimensions and may be cut to 4. */
    public static ColumnEmbedder embedder(WordEmbedding embedding) {
        return new ColumnEmbedder(embedding, registry());
    }

    private static ModelRegistry registry() {
        ModelSpec words = new ModelSpec(
                "words",
                List.of(),
                "onnx",
                8,
                64,
                Pooling.MEAN,
                "",
                "",
                4,
                "sentence",
                new ModelSource.ClassPath("a", "b"),
                null);
        return new ModelRegistry() {
            @Override
            public List<ModelSpec> models() {
                return List.of(words);
            }

            @Override
            public ModelSpec defaultModel() {
                return words;
            }

            @Override
            public ModelSpec resolve(String name) {
                return words;
            }
        };
    }
}
