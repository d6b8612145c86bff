package com.akidb.security.keys;

import com.akidb.security.ApiKey;
import com.akidb.security.Caller;
import com.akidb.security.RequestRate;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A key in a running server: with its tokens, which refill as time passes, and the time of its last use. */
public final class HeldKey {

    private final ApiKey key;
    private final Caller caller;
    private final byte[] hash;
    private final @Nullable RequestRate rate;
    private final @Nullable RequestBucket bucket;
    private volatile long lastUseMillis;

    HeldKey(ApiKey key, @Nullable RequestRate serverRate, long lastUseMillis) {
        this.key = key;
        this.caller = new Caller(key.id(), key.name(), key.scopes(), key.rights(), null);
        this.hash = HexFormat.of().parseHex(key.hash());
        this.rate = key.rate() == null ? serverRate : key.rate();
        this.bucket = rate == null ? null : new RequestBucket(key.name(), rate);
        this.lastUseMillis = lastUseMillis;
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

    /** From when on it is refused; null for never. */
    public @Nullable Instant expiresAt() {
        return key.expiresAt();
    }

    /** Its own limit of requests, or the server's; null for none. */
    public @Nullable RequestRate rate() {
        return rate;
    }

    /** Takes a token for a request, or says when there will be one. */
    public void takeToken() {
        if (bucket != null) {
            bucket.take();
        }
    }
}
