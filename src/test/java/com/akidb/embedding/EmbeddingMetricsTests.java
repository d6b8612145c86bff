package com.akidb.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.akidb.account.Account;
import com.akidb.embedding.EmbeddingBackend.BatchPolicy;
import com.akidb.error.InvalidInputException;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The metrics as Prometheus sees them: names, help, labels and buckets are promised to dashboards. */
class EmbeddingMetricsTests {

    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final GatedBackend backend = new GatedBackend(new BatchPolicy(32, 128, 8));
    private LocalEmbeddingManager manager;

    @BeforeEach
    void embedTwoTextsAndFail() {
        backend.letAllThrough();
        manager = RealModel.manager(List.of(backend), meters);
        manager.embed(EmbeddingRequest.of(List.of("one", "two"), null, Account.SERVER))
                .join();
        manager.embed(EmbeddingRequest.of(List.of("one"), null, Account.SERVER)).join();
        backend.answerBy(batch -> {
            throw new IllegalStateException("out of luck");
        });
        var unused = manager.embed(EmbeddingRequest.of(List.of("three"), null, Account.SERVER))
                .exceptionally(failure -> null)
                .join();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "# HELP akidb_embedding_latency_seconds Embedding generation latency",
                "# TYPE akidb_embedding_latency_seconds histogram",
                "akidb_embedding_latency_seconds_count{model=\"all-minilm-l6-v2\"} 3",
                "# HELP akidb_embedding_requests_total Total embedding requests",
                "# TYPE akidb_embedding_requests_total counter",
                "akidb_embedding_requests_total{model=\"all-minilm-l6-v2\",status=\"success\"} 2.0",
                "akidb_embedding_requests_total{model=\"all-minilm-l6-v2\",status=\"error\"} 1.0",
                "# HELP akidb_embedding_batch_size Embedding batch size distribution",
                "# TYPE akidb_embedding_batch_size histogram",
                "akidb_embedding_batch_size_bucket{model=\"all-minilm-l6-v2\",le=\"1.0\"} 2",
                "akidb_embedding_batch_size_bucket{model=\"all-minilm-l6-v2\",le=\"2.0\"} 3",
                "akidb_embedding_batch_size_sum{model=\"all-minilm-l6-v2\"} 4.0",
                "# TYPE akidb_embedding_backend_batch_size histogram",
                "# TYPE akidb_embedding_batch_wait_seconds histogram",
                "akidb_embedding_queue_depth{model=\"all-minilm-l6-v2\"} 0.0",
                "# TYPE akidb_vector_cache_entries gauge",
                "# TYPE akidb_vector_cache_hits_total counter",
                "akidb_vector_cache_hits_total 1.0",
                "akidb_vector_cache_misses_total 3.0",
                "# TYPE akidb_model_cache_entries gauge",
                "akidb_model_cache_entries 1.0",
                "# TYPE akidb_model_cache_hits_total counter",
                "akidb_model_cache_hits_total 2.0",
                "akidb_model_cache_misses_total 1.0",
            })
    void showsTheLine(String line) {
        assertThat(meters.scrape().lines()).contains(line);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.001", "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1.0", "+Inf"})
    void hasTheLatencyBucket(String bound) {
        assertThat(meters.scrape().lines())
                .anyMatch(line -> line.startsWith(
                        "akidb_embedding_latency_seconds_bucket{model=\"all-minilm-l6-v2\",le=\"" + bound + "\"}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0", "2.0", "5.0", "10.0", "20.0", "32.0", "+Inf"})
    void hasTheSizeBucket(String bound) {
        assertThat(meters.scrape().lines())
                .anyMatch(line -> line.startsWith(
                        "akidb_embedding_batch_size_bucket{model=\"all-minilm-l6-v2\",le=\"" + bound + "\"}"));
    }

    @Test
    void countsTheVectorsInTheCache() {
        await().untilAsserted(() -> assertThat(meters.scrape().lines()).contains("akidb_vector_cache_entries 2.0"));
    }

    @Test
    void hasNoOtherBuckets() {
        assertThat(meters.scrape().lines())
                .filteredOn(line -> line.startsWith("akidb_embedding_latency_seconds_bucket"))
                .hasSize(10);
        assertThat(meters.scrape().lines())
                .filteredOn(line -> line.startsWith("akidb_embedding_batch_size_bucket"))
                .hasSize(7);
    }

    @Test
    void doesNotCountWhatNeverCameIn() {
        CompletableFuture<EmbeddingResult> refused =
                manager.embed(EmbeddingRequest.of(List.of(), null, Account.SERVER));

        assertThat(refused.exceptionNow()).isInstanceOf(InvalidInputException.class);
        assertThat(meters.scrape().lines())
                .contains("akidb_embedding_latency_seconds_count{model=\"all-minilm-l6-v2\"} 3");
    }
}
