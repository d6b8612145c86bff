package com.akidb.table.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.akidb.engine.TextSearch.TextHit;
import com.akidb.table.Search.Hybrid;
import com.akidb.table.search.Fusion.Fused;
import com.akidb.table.search.Fusion.VectorHit;
import com.akidb.vector.Metric;
import java.util.List;
import org.junit.jupiter.api.Test;

class FusionTests {

    private static final List<VectorHit> VECTORS = List.of(new VectorHit(1, 0.9f), new VectorHit(2, 0.8f));
    private static final List<TextHit> WORDS = List.of(new TextHit(3, 7.5), new TextHit(2, 4.5));

    @Test
    void addsTheReciprocalsOfBothRanks() {
        List<Fused> fused = Fusion.fuse(VECTORS, WORDS, new Hybrid(List.of("note"), "word", 1, 1));

        assertThat(fused).extracting(Fused::rowId).containsExactly(2L, 1L, 3L);
        assertThat(fused.getFirst().score()).isCloseTo(1.0 / 62 + 1.0 / 62, within(1e-9));
        assertThat(fused.getFirst().ranks().similarity()).isEqualTo(2);
        assertThat(fused.getFirst().ranks().text()).isEqualTo(2);
        assertThat(fused.get(2).ranks().similarity()).isNull();
        assertThat(fused.get(2).ranks().textScore()).isEqualTo(7.5);
    }

    @Test
    void weighsRanks() {
        assertThat(Fusion.fuse(VECTORS, WORDS, new Hybrid(List.of("note"), "word", 0, 1)))
                .extracting(Fused::rowId)
                .containsExactly(3L, 2L, 1L);
        assertThat(Fusion.fuse(VECTORS, WORDS, new Hybrid(List.of("note"), "word", 1, 0)))
                .extracting(Fused::rowId)
                .containsExactly(1L, 2L, 3L);
    }

    @Test
    void prefersAnotherDirectionToASecondOfTheSame() {
        float[][] vectors = {{1, 0}, {0.999f, 0.0447f}, {0.6f, 0.8f}};
        float[] scores = {1, 0.999f, 0.6f};

        assertThat(Diversification.choose(scores, vectors, Metric.COSINE, 0.3f, 3))
                .containsExactly(0, 2, 1);
        assertThat(Diversification.choose(scores, vectors, Metric.COSINE, 1, 3)).containsExactly(0, 1, 2);
        assertThat(Diversification.choose(scores, vectors, Metric.COSINE, 0.3f, 2))
                .containsExactly(0, 2);
        assertThat(Diversification.choose(new float[0], new float[0][], Metric.COSINE, 0.5f, 2))
                .isEmpty();
    }

    @Test
    void takesARowWithoutAVectorForOneUnlikeAllOthers() {
        float[][] vectors = {{1, 0}, {0.999f, 0.0447f}, null};
        float[] scores = {1, 0.999f, 0.5f};

        assertThat(Diversification.choose(scores, vectors, Metric.COSINE, 0.5f, 3))
                .containsExactly(0, 2, 1);
    }
}
