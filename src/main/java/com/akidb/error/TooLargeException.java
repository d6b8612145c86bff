package com.akidb.error;

import org.jspecify.annotations.Nullable;

/** The request exceeds a limit of size. HTTP 413, gRPC RESOURCE_EXHAUSTED. */
public final class TooLargeException extends AkidbException {

    public TooLargeException(ErrorCode code, String message, @Nullable String field) {
        super(code, message, field, null);
    }

    public TooLargeException(ErrorCode code, String message) {
        super(code, message, null, null);
    }
}
