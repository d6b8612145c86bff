package com.akidb.table.similarity;

import com.akidb.concurrent.Futures;
import com.akidb.engine.Column;
import com.akidb.engine.Row;
import com.akidb.engine.TableEngine;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.table.ColumnEmbedder;
import com.akidb.table.ColumnEmbedder.Terms;
import com.akidb.table.ColumnModel;
import com.akidb.table.SimilaritySearch.Probe;
import com.akidb.table.TableDirectory;
import com.akidb.table.TableSchema;
import com.akidb.text.Words;
import com.akidb.vector.Metric;
import com.akidb.vector.Vectors;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes the vector that is searched with. */
final class Probes {

    private static final int LONGEST_TEXT = 1_000_000;

    private final TableEngine engine;
    private final ColumnEmbedder embedder;
    private final SearchThreads threads;

    Probes(TableEngine engine, ColumnEmbedder embedder, SearchThreads threads) {
        this.engine = engine;
        this.embedder = embedder;
        this.threads = threads;
    }

    /**
     * A vector to search with.
     *
     * @param except row that is not to be found; 0 for none
     * @param embedMicros how long a text took to embed; null for none
     */
    record Sought(float[] vector, long except, @Nullable Long embedMicros) {}

    CompletableFuture<Sought> seek(TableSchema schema, Column column, Probe probe, Metric metric, Terms terms) {
        return switch (probe) {
            case Probe.Vector(float[] vector) -> {
                Vectors.requireUsable(vector, column.dimension(), metric, "query");
                yield CompletableFuture.completedFuture(new Sought(vector, 0, null));
            }
            case Probe.Text(String text) -> embed(schema, column, text, terms);
            case Probe.Like(String key) -> threads.supply(() -> like(schema, column, key));
        };
    }

    private CompletableFuture<Sought> embed(TableSchema schema, Column column, String text, Terms terms) {
        if (text.isBlank()) {
            throw new InvalidInputException(ErrorCode.INVALID_ARGUMENT, "query cannot be empty", "query");
        }
        if (text.length() > LONGEST_TEXT) {
            throw new InvalidInputException(
                    ErrorCode.TEXT_TOO_LONG,
                    "query must be at most " + LONGEST_TEXT + " characters, got " + text.length(),
                    "query");
        }
        ColumnModel model = ColumnModel.of(schema, column);
        if (model == null) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT,
                    "query must be a vector: users write the vectors of '" + column.name()
                            + "', so no model is known to embed a text for it",
                    "query");
        }
        long start = System.nanoTime();
        return Futures.then(
                embedder.query(model, text, terms, "query"),
                vector -> new Sought(vector, 0, TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start)));
    }

    private Sought like(TableSchema schema, Column column, String key) {
        Row row = TableDirectory.reading(schema, () -> engine.get(schema.id(), key, true))
                .orElseThrow(() -> new NotFoundException(
                        ErrorCode.NOT_FOUND, "Row '" + Words.shown(key) + "' not found", "like.key"));
        Object vector = row.values().get(schema.definition().indexOf(column.name()));
        if (vector == null) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT,
                    "Row '" + Words.shown(key) + "' has no vector in '" + column.name() + "' to be compared with",
                    "like.key");
        }
        return new Sought((float[]) Objects.requireNonNull(vector), row.rowId(), null);
    }
}
