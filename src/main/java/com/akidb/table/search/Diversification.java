package com.akidb.table.search;

import com.akidb.vector.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Maximal marginal relevance (Carbonell and Goldstein, 1998): the next row is that with the highest {@code lambda *
 * similarity to the query - (1 - lambda) * similarity to the nearest row chosen before}.
 */
final class Diversification {

    private Diversification() {}

    /**
     * Chooses among candidates.
     *
     * @param scores similarity of each candidate to the query, best first
     * @param vectors of the candidates; one without is taken to differ from all others
     * @param count how many to choose at most
     * @return positions of the chosen, in the order of choice
     */
    static List<Integer> choose(float[] scores, float[] @Nullable [] vectors, Metric metric, float lambda, int count) {
        float[] nearest = new float[scores.length];
        Arrays.fill(nearest, Float.NEGATIVE_INFINITY);
        boolean[] chosen = new boolean[scores.length];
        List<Integer> order = new ArrayList<>(Math.min(count, scores.length));
        while (order.size() < Math.min(count, scores.length)) {
            int best = -1;
            float bestValue = Float.NEGATIVE_INFINITY;
            for (int i = 0; i < scores.length; i++) {
                float value = order.isEmpty() ? scores[i] : lambda * scores[i] - (1 - lambda) * nearest[i];
                if (!chosen[i] && (best < 0 || value > bestValue)) {
                    best = i;
                    bestValue = value;
                }
            }
            chosen[best] = true;
            order.add(best);
            for (int i = 0; i < scores.length; i++) {
                if (!chosen[i]) {
                    nearest[i] = Math.max(nearest[i], likeness(vectors[best], vectors[i], metric));
                }
            }
        }
        return order;
    }

    private static float likeness(float @Nullable [] one, float @Nullable [] other, Metric metric) {
        return one == null || other == null ? 0 : metric.score(one, other);
    }
}
