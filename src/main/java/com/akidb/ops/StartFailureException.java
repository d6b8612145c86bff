package com.akidb.ops;

import org.jspecify.annotations.Nullable;

/** The server cannot be made ready; the process ends. */
final class StartFailureException extends RuntimeException {

    StartFailureException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
