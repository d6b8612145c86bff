package com.akidb.collection;

import org.jspecify.annotations.Nullable;

/**
 * A document to insert.
 *
 * @param id the caller's id; null to have one made
 * @param text may be empty only beside a vector
 * @param vector the caller's embedding; null to have the text embedded
 * @param metadata valid JSON of any kind; null for none
 */
public record NewDocument(
        @Nullable String id,
        String text,
        float @Nullable [] vector,
        @Nullable String metadata) {}
