package com.akidb.engine;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a search was done.
 *
 * @param plan {@code exact} (full-precision scan), {@code quantized} (scan of quantised rows, re-scored), {@code graph} (the
 *     graph that a large column has by itself), {@code hnsw} or {@code ivfflat} (an index that was asked for)
 * @param reason why the planner chose it, in a sentence
 * @param rows rows in the index
 * @param passing rows that the filter lets through; equals {@code rows} without a filter
 * @param candidates vectors compared in full precision
 * @param stepMicros time of each step in microseconds, in order
 * @param means what the search made use of; null if the engine does not tell
 */
public record SearchExplanation(
        String plan,
        String reason,
        long rows,
        long passing,
        long candidates,
        Map<String, Long> stepMicros,
        @Nullable Means means) {

    public SearchExplanation(
            String plan, String reason, long rows, long passing, long candidates, Map<String, Long> stepMicros) {
        this(plan, reason, rows, passing, candidates, stepMicros, null);
    }

    /**
     * What a search made use of.
     *
     * @param index name of the declared index; null if none was used
     * @param metric on the wire
     * @param effort candidates that were re-scored, {@code ef} of a graph or {@code probes} of lists; 0 for {@code exact}
     * @param passes 1, or 2 if the planned way found too few rows and all were compared after all
     * @param raised what the planner's effort was multiplied with to keep the recall above the floor, 1 or more
     * @param recallFloor the setting
     * @param recall what searches of that index found lately, 0 to 1; null if none were checked
     */
    public record Means(
            @Nullable String index,
            String metric,
            int effort,
            int passes,
            double raised,
            double recallFloor,
            @Nullable Double recall) {}

    /** The same with other steps. */
    public SearchExplanation withSteps(Map<String, Long> steps) {
        return new SearchExplanation(plan, reason, rows, passing, candidates, steps, means);
    }
}
