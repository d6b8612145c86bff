package com.akidb.engine;

/**
 * The state of a vector column's index.
 *
 * @param state {@code exact} (small enough to need no graph), {@code building}, {@code ready} or {@code failed}
 * @param percent of the graph that is built, 0 to 100
 * @param rows vectors in it
 * @param memoryBytes memory that it holds, off-heap included
 */
public record IndexStatus(String column, String state, int percent, long rows, long memoryBytes) {}
