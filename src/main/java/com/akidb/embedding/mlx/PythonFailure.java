package com.akidb.embedding.mlx;

import com.akidb.error.AkidbException;
import com.akidb.error.CorruptDataException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InternalException;
import com.akidb.error.InvalidInputException;
import com.akidb.error.UnavailableException;
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

    /**
     * What callers hear of a model that could not be loaded. Exceptions of AkiDB's own package are sentences for them; what
     * others say may name paths and is for the log.
     */
    AkidbException toLoadingFailure(String model) {
        return switch (type) {
            case "DamagedModel" -> new CorruptDataException(sentence(model, "is damaged", reason()), this);
            case "UnsupportedModel" -> unusable(model, reason());
            case "NotEnoughMemory" -> new UnavailableException(sentence(model, "cannot be loaded", reason()), this);
            case "MemoryError" ->
                new UnavailableException(sentence(model, "cannot be loaded", "Python ran out of memory"), this);
            case "" ->
                kind == Kind.HUNG
                        ? new UnavailableException(sentence(model, "cannot be loaded", reason()), this)
                        : internal(model, reason());
            default -> internal(model, type + "; the log has the reason");
        };
    }

    private InternalException internal(String model, String why) {
        return new InternalException(ErrorCode.EMBEDDING_FAILED, sentence(model, "cannot be loaded by MLX", why), this);
    }

    /** What callers hear of a model that cannot be used as it is registered. */
    static InvalidInputException unusable(String model, String reason) {
        return new InvalidInputException(
                ErrorCode.INVALID_ARGUMENT, sentence(model, "cannot be used", reason), "model");
    }

    private static String sentence(String model, String trouble, String reason) {
        return "Model '" + model + "' " + trouble + ": " + reason;
    }
}
