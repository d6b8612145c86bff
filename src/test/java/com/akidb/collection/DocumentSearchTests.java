package com.akidb.collection;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.account.Account;
import com.akidb.embedding.InputType;
import com.akidb.error.NotFoundException;
import com.akidb.error.OverloadedException;
import com.akidb.vector.Metric;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Search among documents. */
class DocumentSearchTests extends CollectionFixture {

    @Test
    void findsByTextAndByVector() {
        service.create(new NewCollection("notes", 8, Metric.COSINE, null));
        batch(new NewDocument("fox", "red fox", null, "{}"), new NewDocument("wolf", "grey wolf", null, null));
        DocumentHits byText = join(service.search("notes", query("fox red", 10), Account.SERVER));
        assertThat(byText.queryEmbedded()).isTrue();
        assertThat(byText.hits()).hasSize(2);
        assertThat(byText.hits().getFirst().document().id()).isEqualTo("fox");
        assertThat(byText.hits().getFirst().document().metadata()).isEqualTo("{}");
        assertThat(embedding.requests.getLast().inputType()).isEqualTo(InputType.QUERY);

        float[] wolf = service.document("notes", "wolf", true).vector();
        int requests = embedding.requests.size();
        DocumentHits byVector = join(service.search(
                "notes", new DocumentSearch("fox", wolf, 1, null, 0.5f, true, false, true, PATIENCE), Account.SERVER));
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
        DocumentHits hits = join(service.search(
                "notes", new DocumentSearch("fox", null, 1, null, null, false, false, true, PATIENCE), Account.SERVER));
        assertThat(Objects.requireNonNull(hits.explanation()).stepMicros().keySet())
                .containsExactly("embed", "scan");
    }

    @Test
    void refusesSearchesThatCannotBeDone() {
        service.create(new NewCollection("notes", 8, Metric.COSINE, null));
        assertThat(refused(() -> join(service.search("notes", query("x", 0), Account.SERVER))))
                .isEqualTo("k must be 1 to 1000, got 0");
        refused(() -> join(service.search("notes", query("x", 1_001), Account.SERVER)));
        assertThat(refused(() -> join(service.search("notes", query(null, 1), Account.SERVER))))
                .isEqualTo("query or query_vector is required");
        assertThat(refused(() -> join(service.search("notes", query("", 1), Account.SERVER))))
                .isEqualTo("query cannot be empty");
        assertThat(refused(() -> join(service.search("notes", vector(new float[3]), Account.SERVER))))
                .isEqualTo("Vector dimension mismatch: got 3, expected 8");
        refused(() -> join(service.search("notes", vector(new float[8]), Account.SERVER)));
        refused(() -> join(service.search(
                "notes",
                new DocumentSearch(null, UNIT, 1, null, Float.NaN, false, false, false, PATIENCE),
                Account.SERVER)));
        failure(NotFoundException.class, () -> join(service.search("gone", query("x", 1), Account.SERVER)));
    }

    @Test
    void refusesOneSearchTooManyAtOnceAndRecovers() {
        service.create(new NewCollection("notes", 8, Metric.COSINE, null));
        engine.slowSearches = true;
        CountDownLatch open = new CountDownLatch(1);
        engine.beforeSearch = () -> awaitQuietly(open);
        CompletableFuture<DocumentHits> first = service.search("notes", vector(UNIT), Account.SERVER);
        CompletableFuture<DocumentHits> second = service.search("notes", vector(UNIT), Account.SERVER);
        OverloadedException refused =
                failure(OverloadedException.class, () -> join(service.search("notes", vector(UNIT), Account.SERVER)));
        assertThat(refused.retryAfter()).isPositive();
        open.countDown();
        join(first);
        join(second);
        join(service.search("notes", vector(UNIT), Account.SERVER));
    }

    @Test
    void anInvalidSearchTakesNoPlaceOfOthers() {
        service.create(new NewCollection("notes", 8, Metric.COSINE, null));
        for (int i = 0; i < 10; i++) {
            refused(() -> join(service.search("notes", query("x", 0), Account.SERVER)));
            service.create(new NewCollection("three" + i, 3, Metric.COSINE, null));
            String name = "three" + i;
            refused(() -> join(service.search(name, query("fox", 1), Account.SERVER)));
        }
        join(service.search("notes", vector(UNIT), Account.SERVER));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
