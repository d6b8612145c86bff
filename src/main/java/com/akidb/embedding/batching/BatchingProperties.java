package com.akidb.embedding.batching;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How texts of many callers are put together.
 *
 * @param queueCapacity maximum number of texts that wait for one model; further ones are refused at once with 429
 * @param maxWait longest time that a text waits for others to share its batch when {@code flush-when-idle} is off
 * @param flushWhenIdle whether an idle worker takes the waiting texts at once instead of waiting for more to fill
 *     its batch
 * @param drainTimeout how long work on accepted texts may go on when the server stops
 * @param maxQueueTime longest expected wait in the queue; a text that would wait longer is refused at once with 429
 */
@ConfigurationProperties("akidb.batching")
public record BatchingProperties(
        @DefaultValue("1000") int queueCapacity,
        @DefaultValue("10ms") Duration maxWait,
        @DefaultValue("true") boolean flushWhenIdle,
        @DefaultValue("20s") Duration drainTimeout,
        @DefaultValue("1s") Duration maxQueueTime) {

    public BatchingProperties {
        if (queueCapacity < 1 || queueCapacity > 1_000_000) {
            throw new IllegalArgumentException("akidb.batching.queue-capacity must be 1 to 1000000");
        }
        if (maxWait.isNegative() || maxWait.compareTo(Duration.ofSeconds(10)) > 0) {
            throw new IllegalArgumentException("akidb.batching.max-wait must be 0 to 10s");
        }
        if (drainTimeout.isNegative()) {
            throw new IllegalArgumentException("akidb.batching.drain-timeout must not be negative");
        }
        if (!maxQueueTime.isPositive()) {
            throw new IllegalArgumentException("akidb.batching.max-queue-time must be positive");
        }
    }
}
