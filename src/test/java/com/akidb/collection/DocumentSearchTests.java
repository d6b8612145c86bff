package com.akidb.collection;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.collection.CollectionService.DocumentHits;
import com.akidb.collection.CollectionService.NewCollection;
import com.akidb.collection.CollectionService.NewDocument;
import com.akidb.embedding.EmbeddingRequest.InputType;
import com.akidb.error.NotFoundException;
import com.akidb.error.OverloadedException;
import com.akidb.table.Search;
import com.akidb.table.Search.Probe;
import com.akidb.table.Search.Ranking;
import com.akidb.vector.Metric;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Search among documents. */
class DocumentSearchTests extends CollectionFixture {

    @Test
    void findsByTextAndByVector() {
        service.create(new NewCollection("notes", 8, Metric.COSINE, null));
        batch(new NewDocument("fox", "red fox", null, "{}"), new NewDocument("wolf", "grey wolf", null, null));
        DocumentHits byText = join(search("notes", "fox red", 10));
        assertThat(byText.queryEmbedded()).isTrue();
        assertThat(byText.hits()).hasSize(2);
        assertThat(byText.hits().getFirst().document().id()).isEqualTo("fox");
        assertThat(byText.hits().getFirst().document().metadata()).isEqualTo("{}");
        assertThat(embedding.requests.getLast().inputType()).isEqualTo(InputType.QUERY);

        float[] wolf =
                Objects.requireNonNull(service.document("notes", "wolf", true).vector());
        int requests = embedding.requests.size();
        Search byItsVector =
                searchFor("notes", new Probe.Vector(wolf), 1, null, 0.5f, true, Ranking.BY_SIMILARITY, true);
        DocumentHits byVector = join(service.search(byItsVector, false));
        assertThat(byVector.queryEmbedded()).isFalse();
        assertThat(byVector.hits()).hasSize(1);
        assertThat(byVector.hits().getFirst().document().id()).isEqualTo("wolf");
        assertThat(byVector.hits().getFirst().document().vector()).isEqualTo(wolf);
        assertThat(byVector.explanation()).isNotNull();
        assertThat(embedding.requests).hasSize(requests);
    }

    @Test
    void explainsHowLongTheQueryTookToEmbed() {
        service.create(new NewCollection("notes", 8, Metric.COSINE, null));
        Probe fox = new Probe.Text("fox", InputType.QUERY);
        DocumentHits hits =
                join(service.search(searchFor("notes", fox, 1, null, null, false, Ranking.BY_SIMILARITY, true), false));
        assertThat(Objects.requireNonNull(hits.explanation())
                        .search()
                        .stepMicros()
                        .keySet())
                .startsWith("embed")
                .contains("scan");
    }

    @Test
    void refusesSearchesThatCannotBeDone() {
        service.create(new NewCollection("notes", 8, Metric.COSINE, null));
        assertThat(refused(() -> join(search("notes", "x", 0)))).isEqualTo("k must be 1 to 1000, got 0");
        refused(() -> join(search("notes", "x", 1_001)));
        assertThat(refused(() -> join(search("notes", "", 1)))).isEqualTo("query cannot be empty");
        assertThat(refused(() -> join(search("notes", new float[3]))))
                .isEqualTo("Vector dimension mismatch: got 3, expected 8");
        refused(() -> join(search("notes", new float[8])));
        refused(() -> join(service.search(
                searchFor("notes", new Probe.Vector(UNIT), 1, null, Float.NaN, false, Ranking.BY_SIMILARITY, false),
                true)));
        failure(NotFoundException.class, () -> join(search("gone", "x", 1)));
    }

    @Test
    void refusesOneSearchTooManyAtOnceAndRecovers() {
        service.create(new NewCollection("notes", 8, Metric.COSINE, null));
        embedding.gate = new CompletableFuture<>();
        CompletableFuture<DocumentHits> first = search("notes", "fox", 1);
        CompletableFuture<DocumentHits> second = search("notes", "fox", 1);
        OverloadedException refused = failure(OverloadedException.class, () -> join(search("notes", UNIT)));
        assertThat(refused.retryAfter()).isPositive();
        embedding.gate.complete(null);
        join(first);
        join(second);
        join(search("notes", UNIT));
    }

    @Test
    void anInvalidSearchTakesNoPlaceOfOthers() {
        service.create(new NewCollection("notes", 8, Metric.COSINE, null));
        for (int i = 0; i < 10; i++) {
            refused(() -> join(search("notes", "x", 0)));
            service.create(new NewCollection("three" + i, 3, Metric.COSINE, null));
            String name = "three" + i;
            refused(() -> join(search(name, "fox", 1)));
        }
        join(search("notes", UNIT));
    }
}
