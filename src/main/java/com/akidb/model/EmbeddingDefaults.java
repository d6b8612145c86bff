package com.akidb.model;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The model that requests get who name none, and how it is used. The same keys, written with underscores, stand in
 * {@code config/embedding_config.yaml}.
 *
 * @param modelName id or alias of the default model
 * @param pooling pooling of the default model when a request names none: mean, cls or last; the model's own if
 *     absent
 * @param normalize whether vectors are scaled to an L2 norm of 1 when the request does not say
 * @param maxTokens length in tokens, special tokens included, at which the default model truncates texts; the
 *     model's own if absent
 * @param autoDownload whether models that are not on this machine may be downloaded from the hub
 * @param batchSize maximum number of texts in one call of the model, 1 to 32
 */
@ConfigurationProperties("akidb.embedding")
public record EmbeddingDefaults(
        @DefaultValue("all-minilm-l6-v2") String modelName,
        @Nullable Pooling pooling,
        @DefaultValue("true") boolean normalize,
        @Nullable Integer maxTokens,
        @DefaultValue("true") boolean autoDownload,
        @DefaultValue("32") int batchSize) {

    /** Most texts that one call of a model may carry. */
    public static final int MOST_TEXTS = 32;

    public EmbeddingDefaults {
        if (modelName.isBlank()) {
            throw new IllegalArgumentException("akidb.embedding.model-name must name a model");
        }
        if (maxTokens != null && maxTokens < 1) {
            throw new IllegalArgumentException("akidb.embedding.max-tokens must be at least 1");
        }
        if (batchSize < 1 || batchSize > MOST_TEXTS) {
            throw new IllegalArgumentException("akidb.embedding.batch-size must be 1 to " + MOST_TEXTS);
        }
    }
}
