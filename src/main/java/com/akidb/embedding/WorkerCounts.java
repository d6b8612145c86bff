package com.akidb.embedding;

/**
 * The workers of a backend that can lose some, and replaces them.
 *
 * @param size how many there should be
 * @param ready how many can be called, those at work included
 * @param restarts how often one was replaced since the model was loaded
 */
public record WorkerCounts(int size, int ready, long restarts) {}
