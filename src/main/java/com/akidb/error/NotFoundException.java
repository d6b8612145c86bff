package com.akidb.error;

import org.jspecify.annotations.Nullable;

/** What the request names is not there. HTTP 404, gRPC NOT_FOUND. */
public final class NotFoundException extends AkidbException {

    public NotFoundException(String message) {
        super(ErrorCode.NOT_FOUND, message, null, null);
    }

    public NotFoundException(ErrorCode code, String message, @Nullable String field) {
        super(code, message, field, null);
    }
}
