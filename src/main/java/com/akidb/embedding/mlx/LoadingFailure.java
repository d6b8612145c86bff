package com.akidb.embedding.mlx;

import com.akidb.error.AkidbException;
import com.akidb.error.CorruptDataException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InternalException;
import com.akidb.error.InvalidInputException;
import com.akidb.error.UnavailableException;

/**
 * What callers hear of a model that cannot be loaded. Exceptions of AkiDB's own package are sentences for them; what others say may
 * name paths and is for the log.
 */
final class LoadingFailure {

    private LoadingFailure() {}

    static AkidbException of(String model, PythonFailure failure) {
        return switch (failure.type()) {
            case "DamagedModel" -> new CorruptDataException(sentence(model, "is damaged", failure.reason()), failure);
            case "UnsupportedModel" -> unusable(model, failure.reason());
            case "NotEnoughMemory" ->
                new UnavailableException(sentence(model, "cannot be loaded", failure.reason()), failure);
            case "MemoryError" ->
                new UnavailableException(sentence(model, "cannot be loaded", "Python ran out of memory"), failure);
            case "" -> withoutType(model, failure);
            default -> internal(model, failure.type() + "; the log has the reason", failure);
        };
    }

    /** A model that cannot be used as it is registered. */
    static InvalidInputException unusable(String model, String reason) {
        return new InvalidInputException(
                ErrorCode.INVALID_ARGUMENT, sentence(model, "cannot be used", reason), "model");
    }

    private static AkidbException withoutType(String model, PythonFailure failure) {
        String reason = failure.reason();
        return failure.kind() == PythonFailure.Kind.HUNG
                ? new UnavailableException(sentence(model, "cannot be loaded", reason), failure)
                : internal(model, reason, failure);
    }

    private static InternalException internal(String model, String reason, PythonFailure failure) {
        return new InternalException(
                ErrorCode.EMBEDDING_FAILED, sentence(model, "cannot be loaded by MLX", reason), failure);
    }

    private static String sentence(String model, String trouble, String reason) {
        return "Model '" + model + "' " + trouble + ": " + reason;
    }
}
