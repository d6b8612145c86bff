package com.akidb.engine;

import com.akidb.vector.Metric;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Tables and rows that tests of the engine share. */
public final class Fixtures {

    private Fixtures() {}

    /** A table as a collection makes it, of two dimensions: id, text, metadata, vector. */
    public static TableDefinition documents(String name) {
        return documents(name, 2);
    }

    public static TableDefinition documents(String name, int dimension) {
        return new TableDefinition(
                name,
                List.of(
                        Column.of("id", ColumnType.STRING, true),
                        Column.of("text", ColumnType.STRING, true),
                        Column.of("metadata", ColumnType.JSON, false),
                        Column.vector("vector", dimension, Metric.COSINE)),
                "id",
                Map.of("kind", "collection"));
    }

    /** A table with a column of each type, all but the key optional; vectors have three dimensions. */
    public static TableDefinition everyType(String name) {
        return new TableDefinition(
                name,
                List.of(
                        Column.of("key", ColumnType.STRING, true),
                        Column.of("int", ColumnType.INT, false),
                        Column.of("float", ColumnType.FLOAT, false),
                        Column.of("bool", ColumnType.BOOL, false),
                        Column.of("time", ColumnType.TIMESTAMP, false),
                        Column.of("json", ColumnType.JSON, false),
                        Column.vector("vector", 3, Metric.EUCLIDEAN)),
                "key",
                Map.of("owner", "a \"test\"", "", ""));
    }

    public static List<@Nullable Object> document(String key, String text, float... vector) {
        return Arrays.asList(key, text, "{\"area\":\"north\"}", vector);
    }

    public static VectorSearch search(int k, float... vector) {
        return new VectorSearch("vector", vector, k, null, null, false, false);
    }

    /** Waits for a write and throws what it failed with. */
    public static WriteResult done(CompletableFuture<WriteResult> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
