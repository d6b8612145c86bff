package com.akidb.table.search;

import com.akidb.engine.TextSearch.TextHit;
import com.akidb.table.Search.Hybrid;
import com.akidb.table.SearchService.SearchAnswer.Ranks;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reciprocal rank fusion (Cormack, Clarke and Büttcher, 2009): a row's score is the sum of {@code weight / (60 + rank)} over
 * the lists that contain it. Only ranks count, so scores of different kinds need no common scale.
 */
final class Fusion {

    static final int K = 60;

    private Fusion() {}

    /** A row found by vectors. */
    record VectorHit(long rowId, float score) {}

    /** A row found by vectors, words or both. */
    record Fused(long rowId, double score, Ranks ranks) {}

    /** Joins both lists, best first, ties by row id. */
    static List<Fused> fuse(List<VectorHit> byVector, List<TextHit> byText, Hybrid weights) {
        Map<Long, Ranks> ranks = new LinkedHashMap<>();
        for (int i = 0; i < byVector.size(); i++) {
            VectorHit hit = byVector.get(i);
            ranks.put(hit.rowId(), new Ranks(i + 1, null, hit.score(), null));
        }
        for (int i = 0; i < byText.size(); i++) {
            TextHit hit = byText.get(i);
            Ranks vector = ranks.get(hit.rowId());
            ranks.put(
                    hit.rowId(),
                    new Ranks(
                            vector == null ? null : vector.similarity(),
                            i + 1,
                            vector == null ? null : vector.similarityScore(),
                            hit.score()));
        }
        List<Fused> fused = new ArrayList<>(ranks.size());
        ranks.forEach((row, places) -> fused.add(new Fused(
                row,
                part(weights.similarityWeight(), places.similarity()) + part(weights.textWeight(), places.text()),
                places)));
        fused.sort(Comparator.comparingDouble(Fused::score).reversed().thenComparingLong(Fused::rowId));
        return fused;
    }

    private static double part(float weight, @Nullable Integer rank) {
        return rank == null ? 0 : weight / (double) (K + rank);
    }
}
