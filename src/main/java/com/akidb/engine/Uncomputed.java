package com.akidb.engine;

/** Values that a {@link Mutation} gives to a cell of a VECTOR column in the place of a vector. */
public sealed interface Uncomputed {

    /** The cell has no vector from this commit on and waits for one. */
    record Pending() implements Uncomputed {}

    /** The cell has no vector, and why. */
    record Failed(String error) implements Uncomputed {}
}
