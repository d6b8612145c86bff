package com.akidb.configuration;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with the configuration.
 *
 * @param key the key to change, such as {@code akidb.embedding.batch-size}
 * @param origin where its value was given, such as a file with line and column; null if it was given nowhere
 * @param rule what holds for the key, as a sentence part: {@code must be 1 to 32}
 */
public record ConfigurationProblem(String key, @Nullable String origin, String rule) {

    /** A problem of a key that is not given, or whose origin is not known. */
    public static ConfigurationProblem of(String key, String rule) {
        return new ConfigurationProblem(key, null, rule);
    }

    @Override
    public String toString() {
        return origin == null ? key + ": " + rule : key + " (" + origin + "): " + rule;
    }
}
