package com.akidb.engine;

/**
 * Types of columns, with the Java class that a value has in a {@link Row}: STRING String, INT Long, FLOAT Double (finite),
 * BOOL Boolean, TIMESTAMP java.time.Instant (microseconds), JSON String (valid JSON text), VECTOR float[].
 */
public enum ColumnType {
    STRING,
    INT,
    FLOAT,
    BOOL,
    TIMESTAMP,
    JSON,
    VECTOR
}
