package com.akidb.embedding.mlx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.akidb.embedding.EmbeddingBackend.TextBackend;
import com.akidb.embedding.EmbeddingBackend.TextBatch;
import com.akidb.embedding.EmbeddingManager.WorkerCounts;
import com.akidb.embedding.mlx.PooledBackend.WorkerVectors;
import com.akidb.embedding.mlx.PythonModel.PythonCall;
import com.akidb.model.ModelSource;
import com.akidb.model.ModelSpec;
import com.akidb.model.Pooling;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.graalvm.polyglot.proxy.ProxyArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/** What becomes of workers whose memory runs out or leaks, in either isolation. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class WorkerMemoryContract {

    private static final String PACKAGE = """
        import mlx.core as mx

        class EmbeddingService:
            hoard = []

            def __init__(self, model):
                pass

            def embed(self, texts):
                return [self.one(text) for text in texts]

            def one(self, text):
                if text == "leak":
                    self.hoard.append(mx.ones(2**20) * len(self.hoard))
                    mx.eval(self.hoard)
                if text == "too much":
                    return [0.0] * (2**31 - 9)
                return [float(len(text)), 0.0]
        """;

    private static final DataSize COLLECT_ABOVE = DataSize.ofMegabytes(16);
    private static final DataSize LEAK_ABOVE = DataSize.ofMegabytes(32);

    private final Isolation isolation;
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @TempDir
    private Path folder;

    private MlxProperties settings;

    private AutoCloseable opened = () -> {};

    WorkerMemoryContract(Isolation isolation) {
        this.isolation = isolation;
    }

    @BeforeEach
    @SuppressWarnings("NullAway.Init")
    void writePackage() throws IOException {
        MlxTesting.require(isolation);
        Path own = Files.createDirectory(folder.resolve("akidb_mlx"));
        Files.writeString(own.resolve("embedding_service.py"), PACKAGE);
        settings = MlxTesting.settings(isolation, List.of(folder), Duration.ofMinutes(1), COLLECT_ABOVE, LEAK_ABOVE);
    }

    @AfterEach
    void close() throws Exception {
        opened.close();
    }

    private WorkerPool openPool() {
        MlxRuntime runtime = MlxTesting.runtime(settings);
        ModelCode code = ModelCode.ofService("any", "akidb_mlx.embedding_service");
        WorkerPool pool = new WorkerPool(
                "any",
                settings,
                new WorkerPool.Permits(4),
                (name, leaking) -> new Worker(name, () -> runtime.source().open(code), model -> {}, bytes -> {}));
        opened = () -> {
            pool.close();
            runtime.close();
        };
        pool.open();
        return pool;
    }

    private static PythonCall text(String text) {
        return model -> model.invokeMember("embed", ProxyArray.fromList(List.<Object>of(text)));
    }

    @Test
    void goesOnWithWorkersWhosePythonWantedMoreMemoryThanThereIs() {
        WorkerPool pool = openPool();
        assertThatExceptionOfType(PythonFailure.class)
                .isThrownBy(() -> pool.call(text("too much")))
                .withMessageStartingWith("MemoryError");
        assertThat(pool.counts()).isEqualTo(new WorkerCounts(2, 2, 0));
        assertThat(WorkerVectors.read(pool.call(text("hello")), 1, 2)[0]).containsExactly(5, 0);
    }

    @Test
    void replacesWorkersWhereTheMemoryOfTheJvmRanOut() throws Exception {
        WorkerPool pool = openPool();
        assertThatExceptionOfType(PythonFailure.class)
                .isThrownBy(() -> pool.call(model -> {
                    long[] moreThanThereIs = new long[Integer.MAX_VALUE - 8];
                    return text("hello " + moreThanThereIs.length).of(model);
                }))
                .withMessageStartingWith("the MLX worker died: java.lang.OutOfMemoryError");
        pool.await(() -> pool.counts().ready() == 2);
        assertThat(pool.counts()).isEqualTo(new WorkerCounts(2, 2, 2));
        assertThat(WorkerVectors.read(pool.call(text("hello")), 1, 2)[0]).containsExactly(5, 0);
    }

    @Test
    void replacesAndCountsTheWorkersOfAPackageThatLeaks() {
        MlxBackendFactory factory = new MlxBackendFactory(settings, meters);
        opened = factory;
        ModelSource nowhere = new ModelSource.OwnPackage("model.safetensors", "tokenizer.json");
        ModelSpec spec = new ModelSpec(
                "any", List.of(), "mlx", 2, 128, Pooling.MEAN, "", true, "", 2, "sentence", nowhere, null);
        TextBackend backend =
                (TextBackend) factory.open(spec, factory.ownFiles(spec).orElseThrow());
        long most = 0;
        while (!isRenewed(backend)) {
            boolean leaks = backend.workers().orElseThrow().restarts() == 0;
            backend.encode(new TextBatch(List.of(leaks ? "leak" : "hello"), Pooling.MEAN));
            most = Math.max(most, activeMemory());
        }
        assertThat(most).isGreaterThan(LEAK_ABOVE.toBytes());
        assertThat(meters.get("akidb.mlx.worker.restarts").functionCounters())
                .allSatisfy(counter -> assertThat(counter.count()).isEqualTo(1));
        assertThat(backend.encode(new TextBatch(List.of("hello"), Pooling.MEAN)).vectors()[0])
                .containsExactly(5, 0);
        backend.close();
        assertThat(meters.find("akidb.mlx.worker.restarts").functionCounters()).isEmpty();
    }

    private static boolean isRenewed(TextBackend backend) {
        return backend.workers()
                .filter(counts -> counts.restarts() == 2 && counts.ready() == 2)
                .isPresent();
    }

    private long activeMemory() {
        return (long) meters.get("akidb.mlx.active.memory").gauge().value();
    }
}
