package com.akidb.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.account.Account;
import com.akidb.embedding.EmbeddingBackend.BatchPolicy;
import com.akidb.embedding.batching.BatchingProperties;
import com.akidb.error.CorruptDataException;
import com.akidb.error.InternalException;
import com.akidb.error.InvalidInputException;
import com.akidb.error.UnavailableException;
import com.akidb.model.ModelFiles;
import com.akidb.model.ModelSpec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

/** Models come into memory when first asked for, once. */
class LoadingTests {

    private final GatedBackend backend = new GatedBackend(new BatchPolicy(32, 128, 8));

    /** Fails so many times before it opens. */
    private final class Reluctant implements EmbeddingBackendFactory {

        private final AtomicInteger opened = new AtomicInteger();
        private final int failures;
        private final RuntimeException failure;

        Reluctant(int failures, RuntimeException failure) {
            this.failures = failures;
            this.failure = failure;
        }

        @Override
        public String kind() {
            return "onnx";
        }

        @Override
        public EmbeddingBackend open(ModelSpec spec, ModelFiles files) {
            if (opened.getAndIncrement() < failures) {
                throw failure;
            }
            backend.letAllThrough();
            return backend;
        }
    }

    @Test
    void loadsOnceHoweverManyAsk() {
        Reluctant factory = new Reluctant(0, new IllegalStateException());
        try (LocalEmbeddingManager manager = manager(factory)) {
            assertThat(manager.modelInfo(null).loaded()).isFalse();
            assertThatThrownBy(() -> manager.healthCheck().join()).hasCauseInstanceOf(UnavailableException.class);
            List<CompletableFuture<EmbeddingResult>> calls = Stream.of("a", "b", "c", "d")
                    .map(text -> manager.embed(EmbeddingRequest.of(List.of(text), null, Account.SERVER)))
                    .toList();
            calls.forEach(CompletableFuture::join);

            assertThat(factory.opened).hasValue(1);
            assertThat(manager.modelInfo(null).loaded()).isTrue();
        }
    }

    @Test
    void triesAgainAfterAFailure() {
        Reluctant factory = new Reluctant(1, new CorruptDataException("damaged"));
        try (LocalEmbeddingManager manager = manager(factory)) {
            assertThatThrownBy(() -> embed(manager))
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isInstanceOf(CorruptDataException.class)
                    .hasMessage("damaged");

            assertThat(embed(manager).vectors()).hasSize(1);
        }
    }

    @Test
    void saysWhyAModelCannotBeOpened() {
        Reluctant factory = new Reluctant(1, new IllegalStateException("no memory"));
        try (LocalEmbeddingManager manager = manager(factory)) {
            assertThatThrownBy(() -> manager.preload("all-minilm-l6-v2").join())
                    .cause()
                    .isInstanceOf(InternalException.class)
                    .hasMessageStartingWith("Model 'all-minilm-l6-v2' cannot be opened");
        }
    }

    @Test
    void refusesModelsWithoutABackend() {
        try (LocalEmbeddingManager manager = RealModel.manager(List.of(), new SimpleMeterRegistry())) {
            assertThatThrownBy(() -> embed(manager))
                    .cause()
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("no backend 'onnx'");
        }
    }

    @Test
    void refusesToLoadWhenItIsClosed() {
        LocalEmbeddingManager manager = manager(new Reluctant(0, new IllegalStateException()));
        manager.close();

        assertThatThrownBy(() -> embed(manager)).hasCauseInstanceOf(UnavailableException.class);
    }

    /** A process that ends while native code makes a model may hang in it. */
    @Test
    void isNotClosedBeforeAModelThatIsBeingLoadedIs() throws Exception {
        CompletableFuture<Thread> closer = new CompletableFuture<>();
        AtomicBoolean opened = new AtomicBoolean();
        CompletableFuture<Void> opening = new CompletableFuture<>();
        LocalEmbeddingManager manager = manager(new EmbeddingBackendFactory() {
            @Override
            public String kind() {
                return "onnx";
            }

            @Override
            public EmbeddingBackend open(ModelSpec spec, ModelFiles files) {
                opening.complete(null);
                Thread closing = closer.join();
                while (closing.isAlive() && closing.getState() != Thread.State.TIMED_WAITING) {
                    Thread.onSpinWait();
                }
                opened.set(true);
                backend.letAllThrough();
                return backend;
            }
        });
        CompletableFuture<?> load = manager.preload("all-minilm-l6-v2");
        opening.join();
        AtomicBoolean openedBeforeTheEnd = new AtomicBoolean();
        Thread closing = Thread.ofPlatform().name("closer").start(() -> {
            manager.close();
            openedBeforeTheEnd.set(opened.get());
        });
        closer.complete(closing);
        closing.join();

        assertThat(openedBeforeTheEnd).isTrue();
        assertThatThrownBy(load::join).hasCauseInstanceOf(UnavailableException.class);
        assertThat(backend.isClosed()).isTrue();
    }

    @Test
    void keepsNothingWhenTheCacheIsSwitchedOff() {
        EmbeddingMetrics metrics = new EmbeddingMetrics(new SimpleMeterRegistry());
        BatchingProperties batching =
                new BatchingProperties(10, Duration.ZERO, true, Duration.ofSeconds(5), Duration.ofMinutes(10));
        Reluctant factory = new Reluctant(0, new IllegalStateException());
        try (LocalEmbeddingManager manager = new LocalEmbeddingManager(
                RealModel.registry(),
                new LoadedModels(RealModel.loader(), List.of(factory), batching, 32, metrics),
                new VectorCache(new CacheProperties(10_000, DataSize.ofBytes(0))),
                metrics,
                new Tokenizing(),
                true)) {
            embed(manager);

            assertThat(embed(manager).cached()).containsExactly(false);
        }
    }

    private static LocalEmbeddingManager manager(EmbeddingBackendFactory factory) {
        return RealModel.manager(List.of(factory), new SimpleMeterRegistry());
    }

    private static EmbeddingResult embed(LocalEmbeddingManager manager) {
        return manager.embed(EmbeddingRequest.of(List.of("again"), null, Account.SERVER))
                .join();
    }
}
