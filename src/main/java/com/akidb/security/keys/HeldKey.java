package com.akidb.security.keys;

import com.akidb.error.ErrorCode;
import com.akidb.error.OverloadedException;
import com.akidb.security.ApiKey;
import com.akidb.security.Caller;
import com.akidb.security.RequestRate;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A key in a running server: with its tokens, which refill as time passes, and the time of its last use. */
public final class HeldKey {

    private static final Duration LEAST_WAIT = Duration.ofMillis(1);

    private final ApiKey key;
    private final Caller caller;
    private final byte[] hash;
    private final @Nullable RequestRate rate;
    private final @Nullable Bucket bucket;
    private volatile long lastUseMillis;

    HeldKey(ApiKey key, @Nullable RequestRate serverRate, long lastUseMillis) {
        this.key = key;
        this.caller = new Caller(key.id(), key.name(), key.scopes());
        this.hash = HexFormat.of().parseHex(key.hash());
        this.rate = key.rate() == null ? serverRate : key.rate();
        this.bucket = rate == null ? null : bucket(rate);
        this.lastUseMillis = lastUseMillis;
    }

    private static Bucket bucket(RequestRate rate) {
        Duration perToken = Duration.ofNanos((long) (Duration.ofSeconds(1).toNanos() / rate.perSecond()));
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(rate.burst()).refillGreedy(1, perToken))
                .build();
    }

    boolean isSameAs(ApiKey other) {
        return Objects.equals(key, other);
    }

    ApiKey key() {
        return key;
    }

    public Caller caller() {
        return caller;
    }

    boolean hasHash(byte[] presented) {
        return MessageDigest.isEqual(hash, presented);
    }

    void used(long millis) {
        lastUseMillis = millis;
    }

    /** Milliseconds since 1970; 0 if it was never used. */
    long lastUseMillis() {
        return lastUseMillis;
    }

    /** Takes a token for a request, or says when there will be one. */
    public void takeToken() {
        if (bucket == null || rate == null) {
            return;
        }
        ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            Duration wait = Duration.ofNanos(probe.getNanosToWaitForRefill());
            throw new OverloadedException(
                    ErrorCode.RATE_LIMITED,
                    "The API key " + key.name() + " may make " + text(rate.perSecond()) + " requests per second, "
                            + rate.burst() + " at once; try again later",
                    wait.compareTo(LEAST_WAIT) < 0 ? LEAST_WAIT : wait);
        }
    }

    private static String text(double perSecond) {
        return perSecond == Math.rint(perSecond) ? Long.toString((long) perSecond) : Double.toString(perSecond);
    }
}
