package com.akidb.table;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Limits of SQL queries.
 *
 * @param maxRows maximum number of rows of an answer; a query that finds more is refused
 * @param maxAnswer approximate maximum memory of the cells of an answer
 * @param timeout how long a query may run
 */
@ConfigurationProperties("akidb.sql")
public record SqlProperties(
        @DefaultValue("10000") int maxRows,
        @DefaultValue("32MB") DataSize maxAnswer,
        @DefaultValue("5s") Duration timeout) {

    public SqlProperties {
        require(maxRows >= 1 && maxRows <= 1_000_000, "max-rows", "1 to 1000000");
        require(maxAnswer.toBytes() >= 1024, "max-answer", "at least 1KB");
        require(timeout.isPositive() && timeout.compareTo(Duration.ofMinutes(10)) <= 0, "timeout", "up to 10m");
    }

    private static void require(boolean holds, String key, String rule) {
        if (!holds) {
            throw new IllegalArgumentException("akidb.sql." + key + " must be " + rule);
        }
    }
}
