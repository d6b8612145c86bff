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

    /** A value that breaks a rule. The message is the field and the rule: {@code limit must be 1 to 100}. */
    public static InvalidInputException of(ErrorCode code, String field, String rule) {
        return new InvalidInputException(code, field + " " + rule, field);
    }

    /** A field that has to be given. */
    public static InvalidInputException missing(String field) {
        return of(ErrorCode.MISSING_FIELD, field, "is missing");
    }
}
