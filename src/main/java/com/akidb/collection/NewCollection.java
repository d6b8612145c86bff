package com.akidb.collection;

import com.akidb.vector.Metric;
import org.jspecify.annotations.Nullable;

/**
 * A collection to create.
 *
 * @param name 1 to 255 characters, unique
 * @param dimension 1 or more; null for the model's
 * @param metric how vectors are compared
 * @param model id or alias; null for the default model
 * @param textIndex whether its texts shall be searchable by words from the beginning
 */
public record NewCollection(
        String name,
        @Nullable Integer dimension,
        Metric metric,
        @Nullable String model,
        boolean textIndex) {

    /** A collection that is searched by similarity alone. */
    public NewCollection(String name, @Nullable Integer dimension, Metric metric, @Nullable String model) {
        this(name, dimension, metric, model, false);
    }
}
