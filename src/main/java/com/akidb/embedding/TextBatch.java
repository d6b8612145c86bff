package com.akidb.embedding;

import com.akidb.model.Pooling;
import java.util.List;

/**
 * What one call of a {@link TextBackend} gets.
 *
 * @param texts prompts included, at most as long as the model takes by estimate; at least one
 * @param pooling how each text becomes one vector, for models that leave the choice
 */
public record TextBatch(List<String> texts, Pooling pooling) {

    public TextBatch {
        texts = List.copyOf(texts);
    }
}
