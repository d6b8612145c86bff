package com.akidb.collection;

import org.jspecify.annotations.Nullable;

/**
 * A document as stored.
 *
 * @param metadata JSON; null if it has none
 * @param vector null unless asked for
 */
public record Document(String id, String text, @Nullable String metadata, float @Nullable [] vector) {}
