package com.akidb.error;

import org.jspecify.annotations.Nullable;

/** What the caller sent is wrong; sending it again cannot help. HTTP 400, gRPC INVALID_ARGUMENT. */
public final class InvalidInputException extends AkidbException {

    public InvalidInputException(ErrorCode code, String message, @Nullable String field) {
        super(code, message, field, null);
    }

    public InvalidInputException(ErrorCode code, String message) {
        super(code, message, null, null);
    }
}
