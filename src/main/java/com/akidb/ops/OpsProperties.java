package com.akidb.ops;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the server is run.
 *
 * @param drainDelay how long the server, told to stop, still answers requests while {@code /health/ready} already
 *     says 503, so that load balancers notice; 0 to 5 minutes
 * @param logFormat format of log lines: {@code json}, {@code text}, or {@code auto}, which is text on a terminal
 *     and JSON elsewhere
 * @param heapTrimInterval how often the server checks whether collecting and shrinking the Java heap would return
 *     much memory to the system, which it does in a quiet moment; 0 for never, at most 1 hour
 */
@ConfigurationProperties("akidb.ops")
record OpsProperties(
        @DefaultValue("0s") Duration drainDelay,
        @DefaultValue("auto") LogFormat logFormat,
        @DefaultValue("1m") Duration heapTrimInterval) {

    private static final Duration LONGEST_DELAY = Duration.ofMinutes(5);
    private static final Duration LONGEST_INTERVAL = Duration.ofHours(1);

    OpsProperties {
        if (drainDelay.isNegative() || drainDelay.compareTo(LONGEST_DELAY) > 0) {
            throw new IllegalArgumentException("akidb.ops.drain-delay must be from 0s to 5m");
        }
        if (heapTrimInterval.isNegative() || heapTrimInterval.compareTo(LONGEST_INTERVAL) > 0) {
            throw new IllegalArgumentException("akidb.ops.heap-trim-interval must be from 0s to 1h");
        }
    }
}
