package com.akidb.table;

import com.akidb.account.Account;
import com.akidb.concurrent.Futures;
import com.akidb.embedding.EmbeddingManager;
import com.akidb.embedding.EmbeddingRequest;
import com.akidb.embedding.EmbeddingRequest.InputType;
import com.akidb.embedding.EmbeddingRequest.Urgency;
import com.akidb.embedding.EmbeddingResult;
import com.akidb.engine.Column;
import com.akidb.error.InternalException;
import com.akidb.model.ModelRegistry;
import com.akidb.model.ModelSpec;
import com.akidb.vector.Vectors;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Embeds texts for a vector column: with the column's model, cut to the column's dimension and normalised. All vectors that
 * are stored in tables, or compared with stored ones, are made here. Never blocks; cancelling a future drops what is queued.
 */
public final class ColumnEmbedder {

    private final EmbeddingManager manager;
    private final ModelRegistry models;

    public ColumnEmbedder(EmbeddingManager manager, ModelRegistry models) {
        this.manager = manager;
        this.models = models;
    }

    /**
     * How texts are embedded.
     *
     * @param useCache whether vectors may come from the cache and are put into it
     * @param urgency whether they go ahead of or behind others
     * @param timeout how long the caller waits at most
     * @param account charged for the texts
     */
    public record Terms(boolean useCache, Urgency urgency, Duration timeout, Account account) {

        /** For texts that somebody is waiting for. */
        public static Terms waiting(Duration timeout, Account account) {
            return new Terms(true, Urgency.INTERACTIVE, timeout, account);
        }
    }

    /**
     * Embeds texts to store in the column.
     *
     * @param field the request field to blame if the model's vectors do not fit the column
     * @return one vector per text, in order
     */
    public CompletableFuture<List<float[]>> documents(
            ColumnModel column, List<String> texts, Terms terms, String field) {
        return embed(column, texts, InputType.DOCUMENT, terms, field);
    }

    /**
     * Embeds a text to compare with the column's vectors; see {@link #documents}.
     *
     * @param as the kind of text; null for the model's default in searches
     */
    public CompletableFuture<EmbeddedQuery> query(
            ColumnModel column, String text, @Nullable InputType as, Terms terms, String field) {
        ModelSpec model = models.resolve(column.model());
        InputType usual = model.promptsSearches() ? InputType.QUERY : InputType.NONE;
        InputType type = as == null ? usual : as;
        return Futures.then(
                embed(column, List.of(text), type, terms, field),
                vectors -> new EmbeddedQuery(vectors.getFirst(), model.id(), type, type.promptOf(model)));
    }

    /** The fingerprint of a column's model, as {@link EmbeddingManager#fingerprint} tells it. */
    public CompletableFuture<String> fingerprint(ColumnModel column) {
        return manager.fingerprint(column.model());
    }

    /** The same if it is known already. */
    public Optional<String> knownFingerprint(ColumnModel column) {
        return manager.knownFingerprint(column.model());
    }

    private CompletableFuture<List<float[]>> embed(
            ColumnModel column, List<String> texts, InputType type, Terms terms, String field) {
        EmbeddingRequest request = new EmbeddingRequest(
                texts,
                column.model(),
                null,
                true,
                cutTo(column, field),
                type,
                true,
                terms.useCache(),
                terms.timeout(),
                terms.account(),
                terms.urgency());
        return Futures.then(manager.embed(request), result -> checked(result, texts.size(), column.dimension()));
    }

    /** The dimension to ask for; null if the column has the model's own. */
    private @Nullable Integer cutTo(ColumnModel column, String field) {
        ModelSpec model = models.resolve(column.model());
        if (model.dimension() == column.dimension()) {
            return null;
        }
        if (column.dimension() > model.dimension() || column.dimension() < model.minDimension()) {
            Vectors.requireDimension(model.dimension(), column.dimension(), field);
        }
        return column.dimension();
    }

    private static List<float[]> checked(EmbeddingResult result, int texts, int dimension) {
        if (result.vectors().size() != texts || result.dimension() != dimension) {
            throw new InternalException("Failed to generate embedding");
        }
        return result.vectors();
    }

    /**
     * The model that embeds texts for a column.
     *
     * @param model registry id
     * @param dimension the column's: the model's own, or less if its vectors can be cut
     */
    public record ColumnModel(String model, int dimension) {

        /** The model of a column; null if users write its vectors, so that none is known. */
        public static @Nullable ColumnModel of(TableSchema schema, Column column) {
            ColumnFacts.Computed computed = ColumnFacts.computed(column);
            String model = computed != null
                    ? computed.model()
                    : schema.isCollection() ? schema.definition().properties().get(ColumnFacts.COLLECTION_MODEL) : null;
            return model == null ? null : new ColumnModel(model, column.dimension());
        }
    }

    /**
     * A text embedded for a search.
     *
     * @param model registry id
     * @param inputType the kind of text that it was embedded as
     * @param prompt the model's prompt put before it; empty for none
     */
    public record EmbeddedQuery(float[] vector, String model, InputType inputType, String prompt) {}
}
