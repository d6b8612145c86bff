package com.akidb.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** How engines find the nearest rows. */
public abstract class NearestContract extends TableEngineContract {

    @Test
    void findsTheNearestRowsBestFirst() {
        Table table = engine.create(Fixtures.documents("t"));
        put(table, "north", "n", 0, 1);
        put(table, "east", "e", 1, 0);
        put(table, "north-east", "ne", 1, 1);
        insert(table, OnConflict.ERROR, Arrays.asList("nowhere", "x", null, null));
        assertThat(nearest(table, 2, 0, 1)).containsExactly("north:n", "north-east:ne");
        SearchResult result =
                engine.search(table.id(), new VectorSearch("vector", new float[] {0, 1}, 10, null, 0.5f, true, true));
        assertThat(result.hits()).hasSize(2);
        assertThat(result.hits().getFirst().score()).isEqualTo(1);
        assertThat((float[]) result.hits().getFirst().row().values().get(3)).containsExactly(0, 1);
        assertThat(result.explanation()).isNotNull();
    }

    @Test
    void answersCachedSearchesLikeOthersOrNotAtAll() {
        Table table = engine.create(Fixtures.documents("t"));
        put(table, "a", "x", 1, 0);
        put(table, "b", "y", 0, 1);
        VectorSearch search = Fixtures.search(5, 1, 0);
        SearchResult full = engine.search(table.id(), search);
        SearchResult cached = engine.searchCached(table.id(), search);
        if (cached != null) {
            assertThat(cached.hits()).isEqualTo(full.hits());
        }
        delete(table, "a");
        SearchResult after = engine.searchCached(table.id(), search);
        if (after != null) {
            assertThat(after.hits())
                    .extracting(hit -> hit.row().values().getFirst())
                    .containsExactly("b");
        }
    }
}
