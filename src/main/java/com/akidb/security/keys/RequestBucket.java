package com.akidb.security.keys;

import com.akidb.error.ErrorCode;
import com.akidb.error.OverloadedException;
import com.akidb.security.RequestRate;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;

/** The requests that one caller may still make; refills as time passes. Safe for many threads. */
public final class RequestBucket {

    private static final Duration LEAST_WAIT = Duration.ofMillis(1);

    private final String name;
    private final RequestRate rate;
    private final Bucket bucket;

    /** @param name of the key, for messages */
    public RequestBucket(String name, RequestRate rate) {
        this.name = name;
        this.rate = rate;
        Duration perToken = Duration.ofNanos((long) (Duration.ofSeconds(1).toNanos() / rate.perSecond()));
        this.bucket = Bucket.builder()
                .addLimit(limit -> limit.capacity(rate.burst()).refillGreedy(1, perToken))
                .build();
    }

    /**
     * Counts a request.
     *
     * @throws OverloadedException if there were too many; says when there may be another
     */
    public void take() {
        ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            Duration wait = Duration.ofNanos(probe.getNanosToWaitForRefill());
            throw new OverloadedException(
                    ErrorCode.RATE_LIMITED,
                    "The API key " + name + " may make " + text(rate.perSecond()) + " requests per second, "
                            + rate.burst() + " at once; try again later",
                    wait.compareTo(LEAST_WAIT) < 0 ? LEAST_WAIT : wait);
        }
    }

    private static String text(double perSecond) {
        return perSecond == Math.rint(perSecond) ? Long.toString((long) perSecond) : Double.toString(perSecond);
    }
}
