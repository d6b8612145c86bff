package com.akidb.embedding.mlx;

import com.akidb.embedding.mlx.PooledBackend.WorkerVectors;
import com.akidb.embedding.mlx.PythonModel.PythonCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.graalvm.polyglot.proxy.ProxyArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A pool of workers, in either isolation, whose package does what its texts say: misbehave. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class MisbehavingWorkers {

    private static final String PACKAGE = """
        import os, sys, threading

        class EmbeddingService:
            def __init__(self, model):
                if os.path.exists(os.path.join(os.path.dirname(__file__), "with_mlx")):
                    import mlx.core
                if os.path.exists(os.path.join(os.path.dirname(__file__), "broken")):
                    raise RuntimeError("cannot load")

            def embed(self, texts):
                return [self.one(text) for text in texts]

            def one(self, text):
                word, _, rest = text.partition(" ")
                if word == "raise":
                    raise ValueError(rest)
                if word == "once":
                    marker = rest
                    if not os.path.exists(marker):
                        open(marker, "w").close()
                        raise ValueError("the first time")
                if word == "exit":
                    sys.exit(int(rest))
                if word == "loop":
                    while True:
                        pass
                if word == "compute":
                    import mlx.core
                    array = mlx.core.ones((16, 16))
                    while True:
                        array = array @ array / 16
                        mlx.core.eval(array)
                if word == "recurse":
                    return self.one(text)
                if word == "thread":
                    threading.Thread(target=threading.Event().wait).start()
                if word == "print":
                    print(rest)
                    print(rest, file=sys.stderr)
                    os.write(1, rest.encode() + b"\\n")
                if word == "native":
                    import mlx.core
                    mlx.core.load(rest, format="npy")
                return [float(len(text)), threading.get_ident()]
        """;

    final Isolation isolation;

    @TempDir
    Path folder;

    MlxRuntime runtime;
    WorkerPool pool;

    MisbehavingWorkers(Isolation isolation) {
        this.isolation = isolation;
    }

    @BeforeEach
    @SuppressWarnings("NullAway.Init")
    void writePackage() throws IOException {
        MlxTesting.require(isolation);
        Files.writeString(folder.resolve("misbehaving.py"), PACKAGE);
    }

    final void open(Duration callTimeout) {
        MlxProperties settings = MlxTesting.settings(isolation, List.of(folder), callTimeout);
        runtime = MlxTesting.runtime(settings);
        ModelCode code = ModelCode.ofService("any", "misbehaving");
        pool = new WorkerPool(
                "any",
                settings,
                new WorkerPool.Permits(4),
                (name, leaking) -> new Worker(name, () -> runtime.source().open(code), model -> {}, bytes -> {}));
        pool.open();
    }

    @AfterEach
    void close() {
        if (pool != null) {
            pool.close();
            runtime.close();
        }
    }

    static PythonCall text(String text) {
        return model -> model.invokeMember("embed", ProxyArray.fromList(List.<Object>of(text)));
    }

    final float[] embed(String text) {
        return WorkerVectors.read(pool.call(text(text)), 1, 2)[0];
    }

    final long restarts() {
        return pool.places().stream().mapToLong(WorkerPool.Place::restarts).sum();
    }

    final void awaitAll(WorkerPool.State... states) throws InterruptedException {
        pool.await(() ->
                pool.places().stream().map(WorkerPool.Place::state).toList().equals(List.of(states)));
    }

    final void awaitAllIdle() throws InterruptedException {
        awaitAll(WorkerPool.State.IDLE, WorkerPool.State.IDLE);
    }
}
