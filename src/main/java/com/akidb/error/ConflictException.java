package com.akidb.error;

import org.jspecify.annotations.Nullable;

/** The request contradicts what is stored: a name or an id that exists. HTTP 409, gRPC ALREADY_EXISTS. */
public sealed class ConflictException extends AkidbException permits TableChangedException {

    public ConflictException(ErrorCode code, String message, @Nullable String field) {
        super(code, message, field, null);
    }

    public ConflictException(ErrorCode code, String message) {
        super(code, message, null, null);
    }
}
