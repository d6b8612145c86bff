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

    PythonFailure(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }
}
