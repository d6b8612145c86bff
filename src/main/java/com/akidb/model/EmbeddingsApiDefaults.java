package com.akidb.model;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The embeddings API of tables, {@code /api/v1/embeddings}.
 *
 * @param defaultModel id or alias of the model that its requests get who name none; the model list shows that model under
 *     this name
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
