package com.akidb.error;

/** The server cannot do this now: not ready, draining, disk full, model not there. HTTP 503, gRPC UNAVAILABLE. */
public final class UnavailableException extends AkidbException {

    public UnavailableException(String message) {
        super(ErrorCode.UNAVAILABLE, message, null, null);
    }

    public UnavailableException(String message, Throwable cause) {
        super(ErrorCode.UNAVAILABLE, message, null, cause);
    }

    public UnavailableException(ErrorCode code, String message, Throwable cause) {
        super(code, message, null, cause);
    }
}
