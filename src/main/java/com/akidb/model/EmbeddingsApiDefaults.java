package com.akidb.model;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The embeddings API of tables, {@code /api/v1/embeddings}.
 *
 * @param defaultModel id or alias of the model for requests that name none; the list of models shows it under this
 *     name
 */
@ConfigurationProperties("akidb.embeddings-api")
public record EmbeddingsApiDefaults(
        @DefaultValue("sentence-transformers/all-MiniLM-L6-v2")
        String defaultModel) {

    public EmbeddingsApiDefaults {
        if (defaultModel.isBlank()) {
            throw new IllegalArgumentException("akidb.embeddings-api.default-model must name a model");
        }
    }
}
