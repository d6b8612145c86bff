package com.akidb.error;

import java.time.Duration;

/** A bound is reached and the caller should come back later. HTTP 429 with Retry-After, gRPC RESOURCE_EXHAUSTED. */
public final class OverloadedException extends AkidbException {

    private final Duration retryAfter;

    public OverloadedException(String message, Duration retryAfter) {
        this(ErrorCode.OVERLOADED, message, retryAfter);
    }

    public OverloadedException(ErrorCode code, String message, Duration retryAfter) {
        super(code, message, null, null);
        this.retryAfter = retryAfter;
    }

    /** How long the caller should wait before trying again; positive. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
