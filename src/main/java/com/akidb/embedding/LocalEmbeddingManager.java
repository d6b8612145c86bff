package com.akidb.embedding;

import com.akidb.account.Account;
import com.akidb.embedding.EmbeddingManager.ModelInfo;
import com.akidb.embedding.EmbeddingManager.WorkerCounts;
import com.akidb.embedding.EmbeddingRequest.InputType;
import com.akidb.error.AkidbException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InternalException;
import com.akidb.error.InvalidInputException;
import com.akidb.error.UnavailableException;
import com.akidb.model.ModelRegistry;
import com.akidb.model.ModelSpec;
import com.akidb.vector.Vectors;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Embeds with models that run inside this process. */
final class LocalEmbeddingManager implements EmbeddingManager, AutoCloseable {

    /** Up to so many characters a call is tokenised in its caller's thread, where that takes about a tenth of a millisecond. */
    private static final int SHORT_CALL = 2_000;

    private static final Duration HEALTH_TIMEOUT = Duration.ofSeconds(5);

    private final ModelRegistry registry;
    private final LoadedModels models;
    private final TextEmbedder embedder;
    private final VectorCache cache;
    private final EmbeddingMetrics metrics;
    private final ScheduledThreadPoolExecutor deadlines = deadlines();
    private final Tokenizing tokenizing;

    LocalEmbeddingManager(
            ModelRegistry registry,
            LoadedModels models,
            VectorCache cache,
            EmbeddingMetrics metrics,
            Tokenizing tokenizing,
            boolean normalizes) {
        this.registry = registry;
        this.models = models;
        this.cache = cache;
        this.metrics = metrics;
        this.tokenizing = tokenizing;
        embedder = new TextEmbedder(cache, metrics, normalizes);
        metrics.watch(cache::entries, models::count);
    }

    @Override
    public CompletableFuture<EmbeddingResult> embed(EmbeddingRequest request) {
        long start = System.nanoTime();
        ModelSpec spec;
        try {
            spec = usable(request);
            request.account().chargeTexts(request.texts().size());
        } catch (AkidbException e) {
            return CompletableFuture.failedFuture(e);
        }
        EmbeddingMetrics.OfModel meters = metrics.of(spec.id());
        meters.requested(request.texts().size());
        EmbeddingCall call = new EmbeddingCall(request, spec.id(), start, meters);
        LoadedModel model = models.ifLoaded(spec);
        metrics.foundModel(model != null);
        if (model != null) {
            start(call, model);
        } else {
            var unusedLoad = models.load(spec).whenComplete((loaded, failure) -> startOrFail(call, loaded, failure));
        }
        endInTime(call);
        return call.result();
    }

    private ModelSpec usable(EmbeddingRequest request) {
        if (request.texts().isEmpty()) {
            throw new InvalidInputException(ErrorCode.INVALID_ARGUMENT, "texts cannot be empty", "texts");
        }
        ModelSpec spec = resolve(request.model());
        models.requireUsable(spec);
        return spec;
    }

    private ModelSpec resolve(@Nullable String name) {
        return name == null ? registry.defaultModel() : registry.resolve(name);
    }

    private void startOrFail(EmbeddingCall call, @Nullable LoadedModel model, @Nullable Throwable failure) {
        if (model == null) {
            call.fail(failure == null ? new IllegalStateException("The model is gone") : failure);
        } else {
            start(call, model);
        }
    }

    private void start(EmbeddingCall call, LoadedModel model) {
        try {
            Tokenizing.Steps steps = embedder.stepsOf(call, model);
            if (isShort(call.request())) {
                while (steps.next()) {
                    // The next text.
                }
            } else {
                tokenizing.start(steps);
            }
        } catch (RuntimeException e) {
            call.fail(e);
        }
    }

    private static ScheduledThreadPoolExecutor deadlines() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
                1, task -> Thread.ofPlatform().name("embed-deadlines").daemon().unstarted(task));
        timer.setRemoveOnCancelPolicy(true);
        // A call that comes while the server stops is refused by the model's queue.
        timer.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        return timer;
    }

    /** Ends a call when its time is over, also while all workers are busy. */
    private void endInTime(EmbeddingCall call) {
        if (call.result().isDone()) {
            return;
        }
        ScheduledFuture<?> alarm =
                deadlines.schedule(call::expire, call.request().timeout().toNanos(), TimeUnit.NANOSECONDS);
        var unused = call.result().whenComplete((result, failure) -> alarm.cancel(false));
    }

    private static boolean isShort(EmbeddingRequest request) {
        long characters = 0;
        for (String text : request.texts()) {
            characters += text.length();
        }
        return characters <= SHORT_CALL;
    }

    @Override
    public ModelInfo modelInfo(@Nullable String model) {
        try {
            return info(resolve(model));
        } catch (AkidbException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new InternalException("Failed to get model info: " + e.getMessage(), e);
        }
    }

    @Override
    public List<ModelInfo> models() {
        return registry.models().stream().map(this::info).toList();
    }

    private ModelInfo info(ModelSpec spec) {
        return new ModelInfo(
                spec.id(),
                spec.dimension(),
                spec.maxTokens(),
                spec.type(),
                models.isHere(spec),
                models.ifLoaded(spec) != null,
                models.refusal(spec).orElse(null));
    }

    @Override
    public CompletableFuture<ModelInfo> preload(String model) {
        try {
            ModelSpec spec = resolve(model);
            return models.load(spec).thenApply(loaded -> info(loaded.spec()));
        } catch (AkidbException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public CompletableFuture<String> fingerprint(String model) {
        try {
            return models.load(resolve(model)).thenApply(LoadedModel::fingerprint);
        } catch (AkidbException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public Optional<String> knownFingerprint(String model) {
        try {
            return Optional.ofNullable(models.ifLoaded(resolve(model))).map(LoadedModel::fingerprint);
        } catch (InvalidInputException unknown) {
            return Optional.empty();
        }
    }

    @Override
    public void clearCache() {
        cache.clear();
    }

    @Override
    public void validateVector(float[] vector, int expectedDimension) {
        Vectors.requireDimension(vector.length, expectedDimension, "vector");
    }

    @Override
    public CompletableFuture<Void> healthCheck() {
        LoadedModel model = models.ifLoaded(registry.defaultModel());
        if (model == null) {
            return CompletableFuture.failedFuture(new UnavailableException("The default model is not loaded"));
        }
        if (!model.isAlive()) {
            return CompletableFuture.failedFuture(new UnavailableException("Batch worker died"));
        }
        Optional<String> trouble = model.trouble();
        if (trouble.isPresent()) {
            return CompletableFuture.failedFuture(new UnavailableException(trouble.get()));
        }
        return model.isFailing() ? trial(model) : CompletableFuture.completedFuture(null);
    }

    @Override
    public Map<String, WorkerCounts> workers() {
        Map<String, WorkerCounts> workers = new TreeMap<>();
        for (ModelSpec spec : registry.models()) {
            LoadedModel model = models.ifLoaded(spec);
            if (model != null) {
                model.workers().ifPresent(counts -> workers.put(spec.id(), counts));
            }
        }
        return workers;
    }

    /** After a failure only a text that gets through proves that the model works again. */
    private CompletableFuture<Void> trial(LoadedModel model) {
        EmbeddingRequest request = new EmbeddingRequest(
                List.of("health"), null, null, true, null, InputType.NONE, true, false, HEALTH_TIMEOUT, Account.SERVER);
        String id = model.spec().id();
        EmbeddingCall call = new EmbeddingCall(request, id, System.nanoTime(), metrics.of(id));
        start(call, model);
        endInTime(call);
        return call.result().thenAccept(result -> {});
    }

    /** Refuses new texts, answers those accepted, frees the models. */
    @Override
    public void close() {
        tokenizing.close();
        models.close();
        deadlines.shutdownNow();
    }
}
