package com.akidb.error;

/**
 * Stable names of failures, as clients see them in {@code code}. A name never changes its meaning; docs/errors.md
 * explains each and a test holds the two together.
 */
public enum ErrorCode {
    INVALID_ARGUMENT,
    MALFORMED_JSON,
    UNKNOWN_FIELD,
    MISSING_FIELD,
    WRONG_TYPE,
    OUT_OF_RANGE,
    DIMENSION_MISMATCH,
    UNKNOWN_MODEL,
    UNKNOWN_COLUMN,
    NOT_FOUND,
    METHOD_NOT_ALLOWED,
    NOT_ACCEPTABLE,
    UNSUPPORTED_MEDIA_TYPE,
    ALREADY_EXISTS,
    CONFLICT,
    VERSION_CONFLICT,
    MUTATION_OUT_OF_ORDER,
    MODEL_CHANGED,
    IDEMPOTENCY_KEY_IN_USE,
    IDEMPOTENCY_KEY_REUSED,
    PAYLOAD_TOO_LARGE,
    TEXT_TOO_LONG,
    OVERLOADED,
    RATE_LIMITED,
    QUOTA_EXCEEDED,
    UNAVAILABLE,
    MODEL_NOT_CACHED,
    DEADLINE_EXCEEDED,
    CANCELLED,
    UNAUTHENTICATED,
    FORBIDDEN,
    STORAGE_FULL,
    CORRUPT_DATA,
    EMBEDDING_FAILED,
    INTERNAL
}
