package com.akidb.error;

/** The caller's time is over; queued work was dropped. HTTP 504, gRPC DEADLINE_EXCEEDED. */
public final class DeadlineExceededException extends AkidbException {

    public DeadlineExceededException(String message) {
        super(ErrorCode.DEADLINE_EXCEEDED, message, null, null);
    }

    public DeadlineExceededException(String message, Throwable cause) {
        super(ErrorCode.DEADLINE_EXCEEDED, message, null, cause);
    }

    public DeadlineExceededException(ErrorCode code, String message, Throwable cause) {
        super(code, message, null, cause);
    }
}
