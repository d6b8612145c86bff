package com.akidb.engine;

import java.util.Map;

/**
 * How a search was done.
 *
 * @param plan {@code exact} (full-precision scan), {@code quantized} (scan of quantised rows, re-scored) or
 *     {@code graph}
 * @param reason why the planner chose it, in a sentence
 * @param rows rows in the index
 * @param passing rows that the filter lets through; equals {@code rows} without a filter
 * @param candidates vectors compared in full precision
 * @param stepMicros time of each step in microseconds, in order
 */
public record SearchExplanation(
        String plan, String reason, long rows, long passing, long candidates, Map<String, Long> stepMicros) {}
