package com.akidb.embedding;

import com.akidb.embedding.batching.BatchingProperties;
import com.akidb.error.AkidbException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InternalException;
import com.akidb.error.InvalidInputException;
import com.akidb.error.UnavailableException;
import com.akidb.model.ModelFiles;
import com.akidb.model.ModelLoader;
import com.akidb.model.ModelSpec;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The models in memory. Each is loaded once, when first asked for; a load that failed is tried again next time. */
final class LoadedModels implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LoadedModels.class);

    private final ModelLoader loader;
    private final Map<String, EmbeddingBackendFactory> backends;
    private final BatchingProperties batching;
    private final int batchSize;
    private final EmbeddingMetrics metrics;
    private final Map<String, CompletableFuture<LoadedModel>> models = new ConcurrentHashMap<>();
    private volatile boolean closed;

    LoadedModels(
            ModelLoader loader,
            List<EmbeddingBackendFactory> backends,
            BatchingProperties batching,
            int batchSize,
            EmbeddingMetrics metrics) {
        this.loader = loader;
        this.backends = backends.stream().collect(Collectors.toMap(EmbeddingBackendFactory::kind, Function.identity()));
        this.batching = batching;
        this.batchSize = batchSize;
        this.metrics = metrics;
    }

    /** The model if it is in memory, else null. */
    @Nullable
    LoadedModel ifLoaded(ModelSpec spec) {
        CompletableFuture<LoadedModel> model = models.get(spec.id());
        return model != null && model.isDone() && !model.isCompletedExceptionally() ? model.join() : null;
    }

    /** How many models are in memory. */
    int count() {
        return (int) models.values().stream()
                .filter(model -> model.isDone() && !model.isCompletedExceptionally())
                .count();
    }

    /** The model, loaded on a thread of its own if need be. */
    CompletableFuture<LoadedModel> load(ModelSpec spec) {
        if (closed) {
            return CompletableFuture.failedFuture(shuttingDown());
        }
        try {
            requireUsable(spec);
        } catch (InvalidInputException e) {
            return CompletableFuture.failedFuture(e);
        }
        CompletableFuture<LoadedModel> mine = new CompletableFuture<>();
        CompletableFuture<LoadedModel> present = models.putIfAbsent(spec.id(), mine);
        if (present != null) {
            return present;
        }
        Thread.ofPlatform().name("load-" + spec.id()).daemon().start(() -> loadInto(mine, spec));
        return mine;
    }

    private void loadInto(CompletableFuture<LoadedModel> future, ModelSpec spec) {
        try {
            long start = System.nanoTime();
            LoadedModel model = open(spec);
            if (closed) {
                model.close();
                forget(future, spec, shuttingDown());
                return;
            }
            LOG.info("Model {} is ready after {} ms", spec.id(), (System.nanoTime() - start) / 1_000_000);
            future.complete(model);
        } catch (AkidbException e) {
            LOG.error("Model {} could not be loaded", spec.id(), e);
            forget(future, spec, e);
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            LOG.error("Model {} could not be loaded", spec.id(), e);
            String why = "Model '" + spec.id() + "' cannot be opened: " + e;
            forget(future, spec, new InternalException(ErrorCode.EMBEDDING_FAILED, why, e));
        }
    }

    private void forget(CompletableFuture<LoadedModel> future, ModelSpec spec, AkidbException failure) {
        models.remove(spec.id(), future);
        future.completeExceptionally(failure);
    }

    /**
     * Refuses a model that is registered and cannot be used.
     *
     * @throws InvalidInputException with the reason
     */
    void requireUsable(ModelSpec spec) {
        unfit(spec).ifPresent(reason -> {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT, "Model '" + spec.id() + "' cannot be used: " + reason, "model");
        });
    }

    /** Why this server can never use a model. */
    private Optional<String> unfit(ModelSpec spec) {
        EmbeddingBackendFactory backend = backends.get(spec.backend());
        return spec.refusalReason()
                .or(() -> backend == null
                        ? Optional.of("this server has no backend '" + spec.backend() + "'")
                        : backend.refusal(spec));
    }

    /** Why a model cannot be used now; empty if it can. Looks at the disk. */
    Optional<String> refusal(ModelSpec spec) {
        if (ifLoaded(spec) != null) {
            return Optional.empty();
        }
        return unfit(spec).or(() -> ownFiles(spec).isPresent() ? Optional.empty() : loader.refusal(spec));
    }

    private Optional<ModelFiles> ownFiles(ModelSpec spec) {
        EmbeddingBackendFactory backend = backends.get(spec.backend());
        return backend == null ? Optional.empty() : backend.ownFiles(spec);
    }

    private LoadedModel open(ModelSpec spec) {
        EmbeddingBackendFactory backend = Objects.requireNonNull(backends.get(spec.backend()));
        ModelFiles files = backend.ownFiles(spec).orElseGet(() -> loader.load(spec));
        return LoadedModel.open(spec, files, backend, batchSize, batching, metrics.of(spec.id()));
    }

    /** Whether all that the model is made of is on this machine. */
    boolean isHere(ModelSpec spec) {
        return ownFiles(spec).isPresent() || loader.isCached(spec);
    }

    private static UnavailableException shuttingDown() {
        return new UnavailableException("The server is shutting down");
    }

    /**
     * Drains and closes all models. Waits a while for those that are being loaded, which close themselves: a process that ends
     * while native code makes a model may hang in it.
     */
    @Override
    public void close() {
        closed = true;
        for (CompletableFuture<LoadedModel> model : models.values()) {
            awaitEnd(model);
            if (model.isDone() && !model.isCompletedExceptionally()) {
                model.join().close();
            }
        }
        models.clear();
    }

    private void awaitEnd(CompletableFuture<LoadedModel> load) {
        try {
            load.handle((model, failure) -> null).get(batching.drainTimeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn("A model is still being loaded while the server ends");
        }
    }
}
