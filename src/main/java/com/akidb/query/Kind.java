package com.akidb.query;

/** What an expression gives, as far as it can be told before it runs; and null besides. */
public enum Kind {
    /** A String. */
    STRING,
    /** A Long or a finite Double. */
    NUMBER,
    /** A Boolean. */
    BOOL,
    /** A {@link java.time.Instant}, in microseconds. */
    TIMESTAMP,
    /** The whole of a JSON column, as a {@link Json}. */
    JSON,
    /** A {@code float[]}. */
    VECTOR,
    /** Any of these but a vector: what stands inside JSON, or a choice between several kinds. A {@link Json} is an array or object. */
    ANY;

    /** What a message calls it, with its article. */
    String words() {
        return switch (this) {
            case STRING -> "a string";
            case NUMBER -> "a number";
            case BOOL -> "true or false";
            case TIMESTAMP -> "a point in time";
            case JSON -> "JSON";
            case VECTOR -> "an embedding";
            case ANY -> "a value of any kind";
        };
    }
}
