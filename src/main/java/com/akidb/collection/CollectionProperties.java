package com.akidb.collection;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Bounds of collections.
 *
 * @param maxDimension largest dimension of a collection
 * @param maxTextLength maximum length of the text of a document or a query, in characters (UTF-16 units)
 * @param maxMetadataLength maximum length of a document's metadata as JSON text, in characters (UTF-16 units)
 * @param maxConcurrentSearches earlier name of {@code akidb.search.max-concurrent}; where it is set it holds
 * @param searchThreads earlier name of {@code akidb.search.threads}; where it is set it holds
 */
@ConfigurationProperties("akidb.collection")
public record CollectionProperties(
        @DefaultValue("4096") int maxDimension,
        @DefaultValue("1000000") int maxTextLength,
        @DefaultValue("65536") int maxMetadataLength,
        @Nullable Integer maxConcurrentSearches,
        @Nullable Integer searchThreads) {

    public CollectionProperties {
        requireRange("max-dimension", maxDimension, 1, 65_536);
        requireRange("max-text-length", maxTextLength, 1, 100_000_000);
        requireRange("max-metadata-length", maxMetadataLength, 2, 100_000_000);
        if (maxConcurrentSearches != null) {
            requireRange("max-concurrent-searches", maxConcurrentSearches, 1, 100_000);
        }
        if (searchThreads != null) {
            requireRange("search-threads", searchThreads, 0, 1_024);
        }
    }

    /** What holds when nothing is set. */
    static CollectionProperties defaults() {
        return new CollectionProperties(4_096, 1_000_000, 65_536, null, null);
    }

    private static void requireRange(String key, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "akidb.collection." + key + " must be " + least + " to " + most + ", is " + value);
        }
    }
}
