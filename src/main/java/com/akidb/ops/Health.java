package com.akidb.ops;

import com.akidb.concurrent.Futures;
import com.akidb.embedding.EmbeddingManager;
import com.akidb.embedding.EmbeddingManager.ModelInfo;
import com.akidb.embedding.EmbeddingManager.WorkerCounts;
import com.akidb.error.AkidbException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether the server can do its work. At most one check of the model runs at a time: callers that come meanwhile share
 * its answer, so that probes never pile up behind a busy model. Safe for many threads; never blocks.
 */
final class Health {

    private final EmbeddingManager manager;
    private final ServerState state;
    private final Supplier<Optional<String>> standstill;
    private final Duration patience;
    private final AtomicReference<@Nullable CompletableFuture<HealthReport>> running = new AtomicReference<>();

    /**
     * Checks a server.
     *
     * @param standstill why rows are not read or written; empty if they are
     * @param patience after which a check of the model without an answer counts as failed
     */
    Health(EmbeddingManager manager, ServerState state, Supplier<Optional<String>> standstill, Duration patience) {
        this.standstill = standstill;
        this.manager = manager;
        this.state = state;
        this.patience = patience;
    }

    /** Whether the server is up, takes requests, reads and writes rows, and can embed. */
    CompletableFuture<HealthReport> report() {
        if (!state.isReady()) {
            return CompletableFuture.completedFuture(describe(
                    state.stage() == ServerState.Stage.STARTING ? "starting" : "draining",
                    "The server is " + state.stage().name().toLowerCase(Locale.ROOT)));
        }
        Optional<String> stands = standstill.get();
        if (stands.isPresent()) {
            return CompletableFuture.completedFuture(describe("unhealthy", stands.get()));
        }
        CompletableFuture<HealthReport> mine = new CompletableFuture<>();
        CompletableFuture<HealthReport> other = running.compareAndExchange(null, mine);
        if (other != null) {
            return other;
        }
        check().whenComplete((report, failure) -> {
            running.set(null);
            mine.complete(report == null ? describe("unhealthy", reason(failure)) : report);
        });
        return mine;
    }

    private CompletableFuture<HealthReport> check() {
        try {
            return manager.healthCheck()
                    .thenApply(ignored -> describe(HealthReport.OK, null))
                    .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (AkidbException failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }

    private HealthReport describe(String status, @Nullable String detail) {
        try {
            ModelInfo info = manager.modelInfo(null);
            Map<String, WorkerCounts> workers = manager.workers();
            return new HealthReport(status, info.id(), info.dimension(), detail, workers.isEmpty() ? null : workers);
        } catch (AkidbException failure) {
            return new HealthReport("unhealthy", null, null, failure.detail(), null);
        }
    }

    private String reason(@Nullable Throwable failure) {
        return switch (failure == null ? null : Futures.unwrap(failure)) {
            case AkidbException known -> known.detail();
            case TimeoutException late -> "The model did not answer within " + patience.toSeconds() + " s";
            case null, default -> "The model cannot embed";
        };
    }
}
