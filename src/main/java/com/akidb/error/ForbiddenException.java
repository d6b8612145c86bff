package com.akidb.error;

/** The API key lacks the scope that the request needs. HTTP 403, gRPC PERMISSION_DENIED. */
public final class ForbiddenException extends AkidbException {

    public ForbiddenException(String message) {
        super(ErrorCode.FORBIDDEN, message, null, null);
    }

    public ForbiddenException(String message, String field) {
        super(ErrorCode.FORBIDDEN, message, field, null);
    }

    public ForbiddenException(String message, Throwable cause) {
        super(ErrorCode.FORBIDDEN, message, null, cause);
    }

    public ForbiddenException(ErrorCode code, String message, Throwable cause) {
        super(code, message, null, cause);
    }
}
