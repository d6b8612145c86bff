package com.akidb.table.search;

import com.akidb.concurrent.Futures;
import com.akidb.engine.Column;
import com.akidb.engine.Row;
import com.akidb.engine.TableEngine;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.table.ColumnEmbedder;
import com.akidb.table.ColumnEmbedder.ColumnModel;
import com.akidb.table.ColumnEmbedder.EmbeddedQuery;
import com.akidb.table.ColumnEmbedder.Terms;
import com.akidb.table.Search;
import com.akidb.table.Search.Form;
import com.akidb.table.Search.Probe;
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
final class QueryVectors {

    private static final int LONGEST_TEXT = 1_000_000;

    private final TableEngine engine;
    private final ColumnEmbedder embedder;
    private final SearchThreads threads;

    QueryVectors(TableEngine engine, ColumnEmbedder embedder, SearchThreads threads) {
        this.engine = engine;
        this.embedder = embedder;
        this.threads = threads;
    }

    /**
     * A vector to search with.
     *
     * @param except row that is not to be found; 0 for none
     * @param embedMicros how long a text took to embed; null for none
     * @param embedded the text; null for none
     */
    record QueryVector(
            float[] vector,
            long except,
            @Nullable Long embedMicros,
            @Nullable EmbeddedQuery embedded) {}

    /** The vector that a request brought; refused if it does not fit the column. */
    static QueryVector given(Search search, Column column, Metric metric, float[] vector) {
        Vectors.requireUsable(vector, column.dimension(), metric, search.form().vector());
        return new QueryVector(vector, 0, null, null);
    }

    /** Makes the vector of any probe; cancelling the future drops what is queued. */
    CompletableFuture<QueryVector> of(Search search, Column column, Metric metric) {
        return switch (search.probe()) {
            case Probe.Vector(float[] vector) ->
                CompletableFuture.completedFuture(given(search, column, metric, vector));
            case Probe.Text text -> embed(search, column, text);
            case Probe.Like(String key) -> threads.supply(() -> like(search, column, key));
        };
    }

    private CompletableFuture<QueryVector> embed(Search search, Column column, Probe.Text probe) {
        String text = probe.text();
        String field = search.form().text();
        requireText(search, text, field);
        ColumnModel model = ColumnModel.of(search.schema(), column);
        if (model == null) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT,
                    field + " must be a vector: users write the vectors of '" + column.name()
                            + "', so no model is known to embed a text for it",
                    field);
        }
        long start = System.nanoTime();
        Terms terms = Terms.waiting(search.timeout(), search.account());
        return Futures.then(
                embedder.query(model, text, probe.type(), terms, field),
                embedded -> new QueryVector(
                        embedded.vector(), 0, TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start), embedded));
    }

    private static void requireText(Search search, String text, String field) {
        if (search.form() == Form.COLLECTION) {
            return; // Collections have bounds of their own, which they have checked.
        }
        if (text.isBlank()) {
            throw new InvalidInputException(ErrorCode.INVALID_ARGUMENT, field + " cannot be empty", field);
        }
        if (text.length() > LONGEST_TEXT) {
            throw new InvalidInputException(
                    ErrorCode.TEXT_TOO_LONG,
                    field + " must be at most " + LONGEST_TEXT + " characters, got " + text.length(),
                    field);
        }
    }

    private QueryVector like(Search search, Column column, String key) {
        TableSchema schema = search.schema();
        String field = search.form().like();
        String what = schema.isCollection() && search.form() == Form.COLLECTION ? "Document" : "Row";
        Row row = TableDirectory.reading(schema, () -> engine.get(schema.id(), key, true))
                .orElseThrow(() -> new NotFoundException(
                        ErrorCode.NOT_FOUND, what + " '" + Words.shown(key) + "' not found", field));
        Object vector = row.values().get(schema.definition().indexOf(column.name()));
        if (vector == null) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT,
                    what + " '" + Words.shown(key) + "' has no vector in '" + column.name() + "' to be compared with",
                    field);
        }
        return new QueryVector((float[]) Objects.requireNonNull(vector), row.rowId(), null, null);
    }
}
