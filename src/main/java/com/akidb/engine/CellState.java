package com.akidb.engine;

/** What a cell of a VECTOR column holds. */
public enum CellState {
    /** A vector. */
    READY,
    /** No vector, or one that is to be replaced: it waits to be computed. */
    PENDING,
    /** No vector, because computing it failed; the reason is kept. */
    FAILED,
    /** Nothing, and nothing is awaited. */
    EMPTY
}
