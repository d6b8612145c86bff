package com.akidb.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.error.UnavailableException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.test.web.reactive.server.WebTestClient;

class HealthRoutesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ServerState state = new ServerState();

    @Test
    void answersOkWithTheModelWhenReadyAndAbleToEmbed() {
        state.advance(ServerState.Stage.READY);
        for (String path : new String[] {"/health", "/health/ready"}) {
            client(healthy())
                    .get()
                    .uri(path)
                    .exchange()
                    .expectStatus()
                    .isOk()
                    .expectHeader()
                    .valueEquals("Cache-Control", "no-store")
                    .expectBody()
                    .json("{\"status\":\"ok\",\"model\":\"test-model\",\"dimension\":3}");
        }
    }

    @Test
    void isNotReadyBeforeTheModelIsWarm() {
        expectUnavailable(healthy(), "/health/ready", "starting");
    }

    @Test
    void isNotReadyFromTheMomentItLeaves() {
        state.advance(ServerState.Stage.READY);
        state.advance(ServerState.Stage.LEAVING);
        expectUnavailable(healthy(), "/health", "draining");
        expectUnavailable(healthy(), "/health/ready", "draining");
    }

    @Test
    void isAliveEvenWhenItIsNotReady() {
        client(healthy())
                .get()
                .uri("/health/live")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .json("{\"status\":\"ok\"}");
    }

    @Test
    void tellsWhyTheModelCannotEmbed() {
        state.advance(ServerState.Stage.READY);
        client(ScriptedEmbeddingManager.withHealth(
                        () -> CompletableFuture.failedFuture(new UnavailableException("No session is left"))))
                .get()
                .uri("/health")
                .exchange()
                .expectStatus()
                .isEqualTo(503)
                .expectBody()
                .json("{\"status\":\"unhealthy\",\"model\":\"test-model\",\"detail\":\"No session is left\"}");
    }

    @Test
    void tellsThatRowsAreNotReadOrWritten() {
        state.advance(ServerState.Stage.READY);
        HealthReport report = new Health(healthy(), state, () -> Optional.of("Writes have waited"), PATIENCE)
                .report()
                .join();
        assertThat(report.isOk()).isFalse();
        assertThat(report.detail()).isEqualTo("Writes have waited");
    }

    @Test
    void keepsUnknownFailuresToItself() {
        state.advance(ServerState.Stage.READY);
        client(ScriptedEmbeddingManager.withHealth(
                        () -> CompletableFuture.failedFuture(new IllegalStateException("/secret/path"))))
                .get()
                .uri("/health")
                .exchange()
                .expectStatus()
                .isEqualTo(503)
                .expectBody()
                .jsonPath("$.detail")
                .isEqualTo("The model cannot embed");
    }

    @Test
    void countsAModelThatDoesNotAnswerAsUnhealthy() {
        state.advance(ServerState.Stage.READY);
        Health health = new Health(
                ScriptedEmbeddingManager.withHealth(CompletableFuture::new),
                state,
                Optional::empty,
                Duration.ofMillis(20));
        assertThat(health.report().join().status()).isEqualTo("unhealthy");
    }

    @Test
    void sharesOneCheckBetweenProbesThatComeAtOnce() {
        state.advance(ServerState.Stage.READY);
        CompletableFuture<Void> slow = new CompletableFuture<>();
        ScriptedEmbeddingManager manager = ScriptedEmbeddingManager.withHealth(() -> slow);
        Health health = new Health(manager, state, Optional::empty, PATIENCE);
        CompletableFuture<HealthReport> first = health.report();
        CompletableFuture<HealthReport> second = health.report();
        slow.complete(null);
        assertThat(first.join()).isEqualTo(second.join());
        assertThat(manager.checks).hasValue(1);
        assertThat(health.report().join().isOk()).isTrue();
        assertThat(manager.checks).hasValue(2);
    }

    private static ScriptedEmbeddingManager healthy() {
        return ScriptedEmbeddingManager.withHealth(() -> CompletableFuture.completedFuture(null));
    }

    private WebTestClient client(ScriptedEmbeddingManager manager) {
        return WebTestClient.bindToRouterFunction(
                        new HealthRoutes(new Health(manager, state, Optional::empty, PATIENCE)).routes())
                .build();
    }

    private void expectUnavailable(ScriptedEmbeddingManager manager, String path, String status) {
        client(manager)
                .get()
                .uri(path)
                .exchange()
                .expectStatus()
                .isEqualTo(503)
                .expectBody()
                .jsonPath("$.status")
                .isEqualTo(status);
    }
}
