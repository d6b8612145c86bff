package com.akidb.embedding.mlx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.akidb.embedding.mlx.PooledBackend.WorkerVectors;
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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What a pool does when Python fails, dies or cannot be loaded, in either isolation. */
abstract class WorkerFailureContract extends MisbehavingWorkers {

    WorkerFailureContract(Isolation isolation) {
        super(isolation);
    }

    @Test
    void takesTheWorkersInTurn() {
        open(Duration.ofMinutes(1));
        for (int call = 0; call < 6; call++) {
            embed("hello");
        }
        assertThat(pool.places()).extracting(WorkerPool.Place::calls).containsExactly(3L, 3L);
    }

    @Test
    void tellsWhatPythonRaisedAndGoesOnWithTheSameWorkers() {
        open(Duration.ofMinutes(1));
        assertThatExceptionOfType(PythonFailure.class)
                .isThrownBy(() -> embed("raise no such word"))
                .withMessage("ValueError: no such word");
        assertThat(embed("hello")[0]).isEqualTo(5);
        assertThat(restarts()).isZero();
        assertThat(pool.places()).extracting(WorkerPool.Place::calls).containsExactly(2L, 1L);
    }

    @Test
    void triesACallThatFailedOnceMore() {
        open(Duration.ofMinutes(1));
        String text = "once " + folder.resolve("marker");
        assertThat(embed(text)[0]).isEqualTo(text.length());
        assertThat(pool.places()).extracting(WorkerPool.Place::calls).containsExactly(1L, 1L);
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
            awaitAll(WorkerPool.State.BUSY, WorkerPool.State.BUSY);
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
        pool = new WorkerPool("any", settings, new WorkerPool.Permits(4), (name, leaking) -> {
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
