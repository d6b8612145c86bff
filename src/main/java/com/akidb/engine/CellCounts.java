package com.akidb.engine;

/** How many cells of a VECTOR column are in which state, as of the last commit; their sum is the table's rows. */
public record CellCounts(long ready, long pending, long failed, long empty) {}
