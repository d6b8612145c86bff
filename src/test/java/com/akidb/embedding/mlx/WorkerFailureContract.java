package com.akidb.embedding.mlx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.akidb.embedding.WorkerCounts;
import com.akidb.error.OverloadedException;
import com.akidb.error.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.graalvm.polyglot.proxy.ProxyArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What a pool does when Python misbehaves, in either isolation. The package under test does what its texts say. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class WorkerFailureContract {

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

    private final Isolation isolation;

    @TempDir
    private Path folder;

    private MlxRuntime runtime;
    private WorkerPool pool;

    WorkerFailureContract(Isolation isolation) {
        this.isolation = isolation;
    }

    @BeforeEach
    @SuppressWarnings("NullAway.Init")
    void writePackage() throws IOException {
        MlxTesting.require(isolation);
        Files.writeString(folder.resolve("misbehaving.py"), PACKAGE);
    }

    private void open(Duration callTimeout) {
        MlxProperties settings = MlxTesting.settings(isolation, List.of(folder), callTimeout);
        runtime = MlxTesting.runtime(settings);
        ModelCode code = ModelCode.ofService("any", "misbehaving");
        pool = new WorkerPool(
                "any",
                settings,
                new Permits(4),
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

    private static PythonCall text(String text) {
        return model -> model.invokeMember("embed", ProxyArray.fromList(List.<Object>of(text)));
    }

    private float[] embed(String text) {
        return WorkerVectors.read(pool.call(text(text)), 1, 2)[0];
    }

    private long restarts() {
        return pool.slots().stream().mapToLong(WorkerSlot::restarts).sum();
    }

    private void awaitAll(WorkerSlot.State... states) throws InterruptedException {
        pool.await(() -> pool.slots().stream().map(WorkerSlot::state).toList().equals(List.of(states)));
    }

    private void awaitAllIdle() throws InterruptedException {
        awaitAll(WorkerSlot.State.IDLE, WorkerSlot.State.IDLE);
    }

    @Test
    void takesTheWorkersInTurn() {
        open(Duration.ofMinutes(1));
        for (int call = 0; call < 6; call++) {
            embed("hello");
        }
        assertThat(pool.slots()).extracting(WorkerSlot::calls).containsExactly(3L, 3L);
    }

    @Test
    void tellsWhatPythonRaisedAndGoesOnWithTheSameWorkers() {
        open(Duration.ofMinutes(1));
        assertThatExceptionOfType(PythonFailure.class)
                .isThrownBy(() -> embed("raise no such word"))
                .withMessage("ValueError: no such word");
        assertThat(embed("hello")[0]).isEqualTo(5);
        assertThat(restarts()).isZero();
        assertThat(pool.slots()).extracting(WorkerSlot::calls).containsExactly(2L, 1L);
    }

    @Test
    void triesACallThatFailedOnceMore() {
        open(Duration.ofMinutes(1));
        String text = "once " + folder.resolve("marker");
        assertThat(embed(text)[0]).isEqualTo(text.length());
        assertThat(pool.slots()).extracting(WorkerSlot::calls).containsExactly(1L, 1L);
    }

    @Test
    void replacesAWorkerWhosePythonEndsItself() throws Exception {
        open(Duration.ofMinutes(1));
        assertThatExceptionOfType(PythonFailure.class)
                .isThrownBy(() -> embed("exit 3"))
                .withMessageStartingWith("Python ended itself");
        awaitAllIdle();
        assertThat(restarts()).isEqualTo(2);
        assertThat(embed("hello")[0]).isEqualTo(5);
    }

    @Test
    void stopsAndReplacesAWorkerThatLoopsForEver() throws Exception {
        Files.createFile(folder.resolve("with_mlx"));
        open(Duration.ofSeconds(1));
        stopsAndReplacesOneThatRuns("loop");
    }

    @Test
    void stopsAndReplacesAWorkerThatComputesForEver() throws Exception {
        Files.createFile(folder.resolve("with_mlx"));
        open(Duration.ofSeconds(1));
        stopsAndReplacesOneThatRuns("compute");
    }

    private void stopsAndReplacesOneThatRuns(String text) throws InterruptedException {
        Worker looping = pool.slots().getFirst().worker();
        assertThatExceptionOfType(PythonFailure.class)
                .isThrownBy(() -> embed(text))
                .withMessage("the MLX worker gave no answer within 1 s");
        awaitAllIdle();
        assertThat(restarts()).isEqualTo(1);
        assertThat(pool.trouble()).isEmpty();
        assertThat(looping.endsWithin(Duration.ofSeconds(20))).isTrue();
        assertThat(embed("hello")[0]).isEqualTo(5);
    }

    @Test
    void stopsAllWorkersThatLoopWhileOthersWaitForOne() throws Exception {
        Files.createFile(folder.resolve("with_mlx"));
        open(Duration.ofSeconds(2));
        List<Worker> looping = pool.slots().stream().map(WorkerSlot::worker).toList();
        try (ExecutorService callers = Executors.newFixedThreadPool(6)) {
            List<Future<byte[]>> loops = List.of(
                    callers.submit(() -> pool.call(text("loop"))), callers.submit(() -> pool.call(text("loop"))));
            awaitAll(WorkerSlot.State.BUSY, WorkerSlot.State.BUSY);
            List<Future<byte[]>> waiting = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                waiting.add(callers.submit(() -> pool.call(text("hello"), Duration.ofMinutes(1))));
            }
            for (Future<byte[]> loop : loops) {
                assertThatExceptionOfType(ExecutionException.class).isThrownBy(loop::get);
            }
            for (Future<byte[]> answer : waiting) {
                assertThat(WorkerVectors.read(answer.get(), 1, 2)[0][0]).isEqualTo(5);
            }
        }
        assertThat(looping).allMatch(worker -> worker.endsWithin(Duration.ofSeconds(20)));
        assertThat(pool.trouble()).isEmpty();
    }

    @Test
    void stopsALoopAlthoughAnotherWorkerHangsInNativeCode() throws Exception {
        Files.createFile(folder.resolve("with_mlx"));
        open(Duration.ofSeconds(6));
        Path gate = pipe("gate");
        hang(gate);
        awaitAllIdle();
        Worker looping = pool.slots().getFirst().worker();
        AtomicBoolean loops = new AtomicBoolean();
        while (!loops.get()) {
            // The other worker may hang as well, in the lock of the Python that it shares with the one that hung first.
            assertThatCode(() -> pool.call(model -> {
                        loops.set(Thread.currentThread().getName().endsWith("-0"));
                        return text(loops.get() ? "loop" : "hello").of(model);
                    }))
                    .satisfiesAnyOf(
                            failure -> assertThat(failure).isNull(),
                            failure -> assertThat(failure).isInstanceOf(PythonFailure.class));
        }
        assertThat(looping.endsWithin(Duration.ofSeconds(20))).isTrue();
        Files.newOutputStream(gate).close();
        awaitAllIdle();
    }

    @Test
    void survivesEndlessRecursion() {
        open(Duration.ofMinutes(1));
        assertThatExceptionOfType(PythonFailure.class)
                .isThrownBy(() -> embed("recurse"))
                .withMessageContaining("RecursionError");
        assertThat(embed("hello")[0]).isEqualTo(5);
    }

    @Test
    void closesAlthoughAThreadWasLeftBehind() {
        // Other tests leave workers behind on purpose.
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        open(Duration.ofMinutes(1));
        assertThat(embed("thread")[0]).isEqualTo(6);
        pool.close();
        runtime.close();
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> !before.contains(thread))
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("mlx-"));
    }

    @Test
    void refusesWhenAllWorkersStayBusy() throws Exception {
        open(Duration.ofMinutes(1));
        CountDownLatch gate = new CountDownLatch(1);
        try (ExecutorService callers = Executors.newFixedThreadPool(2)) {
            List<Future<byte[]>> busy = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                busy.add(callers.submit(() -> pool.call(model -> {
                    awaitOpen(gate);
                    return text("hello").of(model);
                })));
            }
            awaitAll(WorkerSlot.State.BUSY, WorkerSlot.State.BUSY);
            assertThatExceptionOfType(OverloadedException.class)
                    .isThrownBy(() -> pool.call(text("hello"), Duration.ofMillis(1)))
                    .withMessage("No MLX worker became free in time");
            gate.countDown();
            for (Future<byte[]> answer : busy) {
                assertThat(WorkerVectors.read(answer.get(), 1, 2)[0][0]).isEqualTo(5);
            }
        }
    }

    private static void awaitOpen(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void givesUpWorkersThatHangInNativeCodeUntilTheyComeBack() throws Exception {
        Files.createFile(folder.resolve("with_mlx"));
        open(Duration.ofSeconds(6));
        List<Path> gates = List.of(pipe("first"), pipe("second"), pipe("third"));
        // The first one gets a successor.
        hang(gates.get(0));
        awaitAllIdle();
        assertThat(restarts()).isEqualTo(1);
        assertThat(pool.trouble()).isEmpty();

        // The second gets none, and the server is not ready any more; but the first one's successor answers.
        hang(gates.get(1));
        awaitAll(WorkerSlot.State.IDLE, WorkerSlot.State.LOST);
        assertThat(pool.trouble()).contains("2 MLX workers of model 'any' hang in native code; restart the server");
        assertThat(pool.counts()).isEqualTo(new WorkerCounts(2, 1, 2));
        assertThat(embed("hello")[0]).isEqualTo(5);

        // Until that one hangs as well.
        hang(gates.get(2));
        awaitAll(WorkerSlot.State.LOST, WorkerSlot.State.LOST);
        assertThatExceptionOfType(UnavailableException.class)
                .isThrownBy(() -> embed("hello"))
                .withMessage("3 MLX workers of model 'any' hang in native code; restart the server");

        // Whoever opens the other end of the pipes lets the native calls return.
        for (Path gate : gates) {
            Files.newOutputStream(gate).close();
        }
        awaitAllIdle();
        assertThat(pool.trouble()).isEmpty();
        assertThat(embed("hello")[0]).isEqualTo(5);
    }

    private void hang(Path gate) {
        assertThatExceptionOfType(PythonFailure.class)
                .isThrownBy(() -> embed("native " + gate))
                .withMessage("the MLX worker gave no answer within 6 s");
    }

    private Path pipe(String name) throws Exception {
        Path pipe = folder.resolve(name);
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        return pipe;
    }

    @Test
    void logsWhatPythonPrints() {
        Logger logger = (Logger) LoggerFactory.getLogger("com.akidb.python");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        try {
            open(Duration.ofMinutes(1));
            embed("print read me");
        } finally {
            logger.detachAppender(lines);
        }
        assertThat(lines.list).extracting(ILoggingEvent::getFormattedMessage).contains("read me", "read me");
    }

    @Test
    void saysWhyAModelCannotBeLoaded() throws IOException {
        Files.createFile(folder.resolve("broken"));
        assertThatExceptionOfType(PythonFailure.class)
                .isThrownBy(() -> open(Duration.ofMinutes(1)))
                .withMessage("RuntimeError: cannot load");
    }

    @Test
    void triesAgainToLoadAWorkerThatDied() throws Exception {
        open(Duration.ofMinutes(1));
        Path broken = Files.createFile(folder.resolve("broken"));
        assertThatExceptionOfType(PythonFailure.class).isThrownBy(() -> embed("exit 1"));
        pool.await(() -> pool.trouble().orElse("").contains("cannot load"));
        Files.delete(broken);
        awaitAllIdle();
        assertThat(pool.trouble()).isEmpty();
        assertThat(embed("hello")[0]).isEqualTo(5);
    }

    @Test
    void refusesCallsOnceItIsClosed() {
        open(Duration.ofMinutes(1));
        pool.close();
        assertThatExceptionOfType(UnavailableException.class)
                .isThrownBy(() -> embed("hello"))
                .withMessage("The server is shutting down");
    }

    @Test
    void closesWhileItsWorkersLoad() {
        MlxProperties settings = MlxTesting.settings(isolation, List.of(folder));
        runtime = MlxTesting.runtime(settings);
        CompletableFuture<Void> started = new CompletableFuture<>();
        ModelCode code = ModelCode.ofService("any", "misbehaving");
        pool = new WorkerPool("any", settings, new Permits(4), (name, leaking) -> {
            started.complete(null);
            return new Worker(name, () -> runtime.source().open(code), model -> {}, bytes -> {});
        });
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Thread opener = Thread.ofPlatform().start(() -> {
            try {
                pool.open();
                failure.complete(null);
            } catch (RuntimeException e) {
                failure.complete(e);
            }
        });
        started.join();
        pool.close();
        assertThat(failure.join()).isInstanceOf(UnavailableException.class);
        assertThat(opener.isDaemon()).isFalse();
    }
}
