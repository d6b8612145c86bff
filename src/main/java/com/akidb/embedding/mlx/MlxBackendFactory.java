package com.akidb.embedding.mlx;

import com.akidb.embedding.EmbeddingBackend;
import com.akidb.embedding.EmbeddingBackendFactory;
import com.akidb.embedding.mlx.MlxBackend.WarmUp;
import com.akidb.error.UnavailableException;
import com.akidb.model.FreeMemory;
import com.akidb.model.ModelFiles;
import com.akidb.model.ModelSpec;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens MLX models. Nothing of Python is loaded before the first one. Close it after all models. */
public final class MlxBackendFactory implements EmbeddingBackendFactory, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(MlxBackendFactory.class);

    private final MlxProperties settings;
    private final MlxMetrics metrics;
    private final Optional<UserPackage> userPackage;
    private final WorkerPool.Permits permits;
    private final MemoryKeeper memory;
    private final Set<WorkerPool> pools = ConcurrentHashMap.newKeySet();
    private @Nullable MlxRuntime runtime;
    private boolean closed;

    /** Makes the factory; starts nothing. */
    public MlxBackendFactory(MlxProperties settings, MeterRegistry meters) {
        this.settings = settings;
        userPackage = UserPackage.of(settings);
        permits = new WorkerPool.Permits(settings.maxConcurrentCalls());
        memory = new MemoryKeeper(
                settings.collectAbove().toBytes(), settings.leakAbove().toBytes(), System::gc);
        metrics = new MlxMetrics(meters, memory);
    }

    @Override
    public String kind() {
        return "mlx";
    }

    @Override
    public Optional<String> refusal(ModelSpec spec) {
        return MlxEnvironment.search(settings) instanceof MlxEnvironment.Search.Lacking(String sentence)
                ? Optional.of(sentence)
                : Optional.empty();
    }

    @Override
    public Optional<ModelFiles> ownFiles(ModelSpec spec) {
        return userPackage.map(user -> user.files(spec));
    }

    @Override
    public EmbeddingBackend open(ModelSpec spec, ModelFiles files) {
        boolean takesTexts = userPackage.isPresent();
        if (!takesTexts) {
            new FreeMemory().require(spec.id(), files.weightBytes() * copies());
        }
        ModelCode code = userPackage
                .map(user -> ModelCode.ofService(spec.id(), user.module()))
                .orElseGet(() -> ModelCode.ofFolder(files.model().toString()));
        WarmUp warmUp = new WarmUp(spec.pooling(), takesTexts ? 0 : spec.maxTokens());
        MlxRuntime python = runtime(spec);
        WorkerPool pool = new WorkerPool(
                spec.id(), settings, permits, (name, leaking) -> worker(name, python, code, warmUp, leaking));
        pools.add(pool);
        try {
            pool.open();
        } catch (RuntimeException e) {
            pools.remove(pool);
            if (!(e instanceof PythonFailure failure)) {
                throw e;
            }
            log.error("Model {} in {} cannot be loaded by MLX", spec.id(), files.model(), e);
            throw failure.toLoadingFailure(spec.id());
        }
        Runnable unwatch = metrics.watch(spec.id(), pool.places());
        Runnable closing = () -> {
            unwatch.run();
            pools.remove(pool);
        };
        return takesTexts
                ? new MlxTextBackend(pool, spec, settings, closing)
                : new MlxBackend(pool, spec, settings, closing);
    }

    private Worker worker(String name, MlxRuntime python, ModelCode code, WarmUp warmUp, Runnable leaking) {
        return new Worker(
                name,
                () -> python.source().open(code),
                model -> {
                    warmUp(warmUp, model);
                    memory.loaded(model.activeMemory());
                },
                bytes -> {
                    if (memory.leaksAfterCall(bytes)) {
                        leaking.run();
                    }
                });
    }

    /** With a permit, as all that computes in Python. */
    private void warmUp(WarmUp warmUp, PythonModel model) {
        try (WorkerPool.Permits.Permit permit = permits.take(settings.loadTimeout())) {
            warmUp.run(model);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** How often the weights will be in memory. */
    private int copies() {
        return settings.isolationOrDefault() == Isolation.CONTEXT ? settings.poolSize() : 1;
    }

    private synchronized MlxRuntime runtime(ModelSpec spec) {
        if (closed) {
            throw new UnavailableException("The server is shutting down");
        }
        MlxRuntime present = runtime;
        if (present == null) {
            present = switch (MlxEnvironment.search(settings)) {
                case MlxEnvironment.Search.Found found -> MlxRuntime.start(settings, found.environment());
                case MlxEnvironment.Search.Lacking lacking ->
                    throw new UnavailableException("Model '" + spec.id() + "' cannot be used: " + lacking.sentence());
            };
            runtime = present;
        }
        return present;
    }

    /** Ends all workers and Python. */
    @Override
    public void close() {
        MlxRuntime present;
        synchronized (this) {
            closed = true;
            present = runtime;
            runtime = null;
        }
        pools.forEach(WorkerPool::close);
        if (present != null) {
            present.close();
        }
    }
}
