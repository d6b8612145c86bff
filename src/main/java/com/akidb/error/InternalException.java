package com.akidb.error;

/** A fault of the server. The cause is logged, not shown. HTTP 500, gRPC INTERNAL. */
public final class InternalException extends AkidbException {

    public InternalException(String message) {
        super(ErrorCode.INTERNAL, message, null, null);
    }

    public InternalException(String message, Throwable cause) {
        super(ErrorCode.INTERNAL, message, null, cause);
    }

    public InternalException(ErrorCode code, String message, Throwable cause) {
        super(code, message, null, cause);
    }
}
