package com.akidb.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.akidb.embedding.EmbeddingManager.ModelInfo;
import com.akidb.error.UnavailableException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class EmbeddingLifecycleTest {

    private final ServerState state = new ServerState();
    private final AtomicBoolean closed = new AtomicBoolean();

    @Test
    void isReadyOnlyOnceTheDefaultModelIsWarm() {
        EmbeddingLifecycle lifecycle = new EmbeddingLifecycle(
                ScriptedEmbeddingManager.thatPreloads(
                        () -> {
                            assertThat(state.isReady()).isFalse();
                            return CompletableFuture.completedFuture(ScriptedEmbeddingManager.MODEL);
                        },
                        () -> closed.set(true)),
                state);
        lifecycle.start();
        assertThat(state.isReady()).isTrue();
        assertThat(lifecycle.isRunning()).isTrue();
        lifecycle.stop();
        assertThat(closed).isTrue();
        assertThat(lifecycle.isRunning()).isFalse();
    }

    @Test
    void endsTheStartWithTheCauseWhenTheModelCannotBeLoaded() {
        for (boolean atOnce : new boolean[] {true, false}) {
            EmbeddingLifecycle lifecycle = new EmbeddingLifecycle(
                    ScriptedEmbeddingManager.thatPreloads(() -> failing(atOnce), () -> {}), state);
            assertThatExceptionOfType(StartFailureException.class)
                    .isThrownBy(lifecycle::start)
                    .withMessage("Failed to initialize embedding manager: model.onnx is cut short")
                    .satisfies(failure -> {
                        assertThat(new StartFailureAnalyzer().analyze(failure))
                                .extracting("description")
                                .isEqualTo(failure.getMessage());
                    });
            assertThat(state.isReady()).isFalse();
        }
    }

    private static CompletableFuture<ModelInfo> failing(boolean atOnce) {
        UnavailableException failure = new UnavailableException("model.onnx is cut short");
        if (atOnce) {
            throw failure;
        }
        return CompletableFuture.failedFuture(failure);
    }
}
