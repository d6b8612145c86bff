package com.akidb.ops;

/** The server cannot be made ready; the process ends. */
final class StartFailureException extends RuntimeException {

    StartFailureException(String message, Throwable cause) {
        super(message, cause);
    }
}
