package com.akidb.embedding.mlx;

import org.jspecify.annotations.Nullable;

/** Why a worker has no answer. */
final class PythonFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** What it means for the worker. */
    enum Kind {
        /** Python raised an exception; the worker goes on. */
        RAISED,
        /** Its Python has ended or can no longer be trusted; another one may have more luck. */
        DIED,
        /** MLX's memory has grown with its work. */
        LEAKED,
        /** It did not answer in time, and would not a second time. */
        HUNG
    }

    private final Kind kind;
    private final String type;

    PythonFailure(Kind kind, String message, @Nullable Throwable cause) {
        this(kind, "", message, cause);
    }

    /**
     * A failure.
     *
     * @param type the class of Python's exception, without its module; empty if there is none
     * @param message begins with the type, if there is one
     */
    PythonFailure(Kind kind, String type, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.type = type;
    }

    Kind kind() {
        return kind;
    }

    String type() {
        return type;
    }

    /** The message without the type. */
    String reason() {
        String message = String.valueOf(getMessage());
        String prefix = type + ": ";
        return message.startsWith(prefix) ? message.substring(prefix.length()) : message;
    }
}
