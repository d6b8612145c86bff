package com.akidb.error;

/** No valid API key came with the request. HTTP 401, gRPC UNAUTHENTICATED. */
public final class UnauthenticatedException extends AkidbException {

    public UnauthenticatedException(String message) {
        super(ErrorCode.UNAUTHENTICATED, message, null, null);
    }

    public UnauthenticatedException(String message, Throwable cause) {
        super(ErrorCode.UNAUTHENTICATED, message, null, cause);
    }

    public UnauthenticatedException(ErrorCode code, String message, Throwable cause) {
        super(code, message, null, cause);
    }
}
