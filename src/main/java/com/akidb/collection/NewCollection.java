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
 */
public record NewCollection(
        String name,
        @Nullable Integer dimension,
        Metric metric,
        @Nullable String model) {}
