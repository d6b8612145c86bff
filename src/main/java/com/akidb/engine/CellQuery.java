package com.akidb.engine;

/**
 * Asks for cells of one state, in the order of their row ids.
 *
 * @param column a VECTOR column
 * @param state PENDING or FAILED
 * @param sourceColumn whose value comes with each cell
 * @param after row id after which to begin; 0 for the first
 * @param limit 1 to 1,000
 */
public record CellQuery(String column, CellState state, String sourceColumn, long after, int limit) {}
