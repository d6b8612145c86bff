package com.akidb.table;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Limits of tables.
 *
 * @param maxStringLength maximum length of a string value, in characters (UTF-16 units)
 * @param maxJsonLength maximum length of a json value as JSON text, in characters (UTF-16 units)
 */
@ConfigurationProperties("akidb.table")
public record TableProperties(
        @DefaultValue("1000000") int maxStringLength,
        @DefaultValue("1000000") int maxJsonLength) {

    public TableProperties {
        requireRange("max-string-length", maxStringLength);
        requireRange("max-json-length", maxJsonLength);
    }

    /** What holds when nothing is set. */
    public static TableProperties defaults() {
        return new TableProperties(1_000_000, 1_000_000);
    }

    private static void requireRange(String key, int value) {
        if (value < 16 || value > 100_000_000) {
            throw new IllegalArgumentException("akidb.table." + key + " must be 16 to 100000000, is " + value);
        }
    }
}
