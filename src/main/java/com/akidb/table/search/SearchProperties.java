package com.akidb.table.search;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Limits of searches, for tables and collections together.
 *
 * @param maxConcurrent maximum number of concurrent searches; further ones are refused at once
 * @param threads number of threads for searches that take too long for the caller's thread; 0 for one per core
 */
@ConfigurationProperties("akidb.search")
public record SearchProperties(
        @DefaultValue("512") int maxConcurrent,
        @DefaultValue("0") int threads) {

    public SearchProperties {
        requireRange("max-concurrent", maxConcurrent, 1, 100_000);
        requireRange("threads", threads, 0, 1_024);
    }

    private static void requireRange(String key, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "akidb.search." + key + " must be " + least + " to " + most + ", is " + value);
        }
    }
}
