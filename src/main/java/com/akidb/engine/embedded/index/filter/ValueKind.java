package com.akidb.engine.embedded.index.filter;

/** What a value in a {@link ValueColumn} is, as a byte, with what its payload means. */
final class ValueKind {

    /** No value, or JSON null; no payload. */
    static final byte ABSENT = 0;
    /** Payload: number in the column's dictionary. */
    static final byte STRING = 1;
    /** Payload: the integer. */
    static final byte INT = 2;
    /** Payload: the bits of the double. */
    static final byte FLOAT = 3;
    /** Payload: 1 or 0. */
    static final byte BOOL = 4;
    /** Payload: microseconds since 1970. */
    static final byte TIMESTAMP = 5;
    /** A JSON array or object; no payload. */
    static final byte COMPOSITE = 6;

    private ValueKind() {}
}
