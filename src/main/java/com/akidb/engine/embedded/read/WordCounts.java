package com.akidb.engine.embedded.read;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.sql.SQLException;
import java.time.Duration;

/**
 * In how many rows of a table words are, counted lately: a word of every other row takes long to count, and changes little
 * in a minute. For many threads.
 */
final class WordCounts {

    static final Duration KEPT = Duration.ofMinutes(1);

    private static final int MOST_WORDS = 10_000;

    private final Cache<Word, Long> counts;

    WordCounts(Ticker ticker) {
        counts = Caffeine.newBuilder()
                .maximumSize(MOST_WORDS)
                .expireAfterWrite(KEPT)
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    /**
     * A word of an index.
     *
     * @param expression as the index is asked for it, columns included
     */
    record Word(long index, String expression) {}

    /** Counts rows. */
    interface Counting {
        long count() throws SQLException;
    }

    long rowsWith(Word word, Counting counting) throws SQLException {
        Long known = counts.getIfPresent(word);
        if (known != null) {
            return known;
        }
        long counted = counting.count();
        counts.put(word, counted);
        return counted;
    }
}
