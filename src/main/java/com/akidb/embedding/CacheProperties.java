package com.akidb.embedding;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The cache of vectors.
 *
 * @param maxSize memory for cached vectors and their texts; 0 switches the cache off
 */
@ConfigurationProperties("akidb.cache")
public record CacheProperties(@DefaultValue("32MB") DataSize maxSize) {

    public CacheProperties {
        if (maxSize.isNegative()) {
            throw new IllegalArgumentException("akidb.cache.max-size must not be negative");
        }
    }
}
