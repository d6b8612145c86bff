package com.akidb.error;

/** Stored data failed a check and is not used. HTTP 500, gRPC DATA_LOSS. */
public final class CorruptDataException extends AkidbException {

    public CorruptDataException(String message) {
        super(ErrorCode.CORRUPT_DATA, message, null, null);
    }

    public CorruptDataException(String message, Throwable cause) {
        super(ErrorCode.CORRUPT_DATA, message, null, cause);
    }

    public CorruptDataException(ErrorCode code, String message, Throwable cause) {
        super(code, message, null, cause);
    }
}
