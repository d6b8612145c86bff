package com.akidb.embedding;

import org.jspecify.annotations.Nullable;

/**
 * What callers may know about a model.
 *
 * @param id registry id
 * @param dimension length of its vectors
 * @param maxTokens most tokens of a text that it takes
 * @param type {@code sentence} or {@code document}
 * @param cached whether its files are on this machine
 * @param loaded whether it is in memory and warm
 * @param refusal why it cannot be used now; null if it can, perhaps after a download
 */
public record ModelInfo(
        String id,
        int dimension,
        int maxTokens,
        String type,
        boolean cached,
        boolean loaded,
        @Nullable String refusal) {}
