package com.akidb.error;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A failure that has a meaning for the caller. Transports map it by an exhaustive {@code switch} over the permitted
 * kinds; the message is shown to people as it is and never contains a stack trace, a path or a user's text.
 */
public abstract sealed class AkidbException extends RuntimeException
        permits InvalidInputException,
                NotFoundException,
                ConflictException,
                TooLargeException,
                OverloadedException,
                UnavailableException,
                DeadlineExceededException,
                UnauthenticatedException,
                ForbiddenException,
                CorruptDataException,
                InternalException {

    private final ErrorCode code;
    private final @Nullable String field;

    AkidbException(ErrorCode code, String message, @Nullable String field, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.field = field;
    }

    /** What went wrong, as a name that programs can rely on. */
    public final ErrorCode code() {
        return code;
    }

    /** The path of the field to blame, such as {@code documents[3].vector[17]}. */
    public final Optional<String> field() {
        return Optional.ofNullable(field);
    }

    /** The message, never null. */
    public final String detail() {
        String message = getMessage();
        return message == null ? code.name() : message;
    }
}
