package com.akidb.embedding.mlx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.akidb.embedding.EmbeddingManager.WorkerCounts;
import com.akidb.embedding.mlx.PooledBackend.WorkerVectors;
import com.akidb.error.UnavailableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What a pool does when Python or native code does not return, in either isolation. */
abstract class WorkerHangContract extends MisbehavingWorkers {

    WorkerHangContract(Isolation isolation) {
        super(isolation);
    }

    @Test
    void stopsAndReplacesAWorkerThatLoopsForEver() throws Exception {
        Files.createFile(folder.resolve("with_mlx"));
        open(Duration.ofSeconds(4));
        stopsAndReplacesOneThatRuns("loop");
    }

    @Test
    void stopsAndReplacesAWorkerThatComputesForEver() throws Exception {
        Files.createFile(folder.resolve("with_mlx"));
        open(Duration.ofSeconds(4));
        stopsAndReplacesOneThatRuns("compute");
    }

    private void stopsAndReplacesOneThatRuns(String text) throws InterruptedException {
        Worker looping = pool.places().getFirst().worker();
        assertThatExceptionOfType(PythonFailure.class)
                .isThrownBy(() -> embed(text))
                .withMessage("the MLX worker gave no answer within 4 s");
        awaitAllIdle();
        assertThat(restarts()).isEqualTo(1);
        assertThat(pool.trouble()).isEmpty();
        assertThat(looping.endsWithin(Duration.ofSeconds(20))).isTrue();
        assertThat(embed("hello")[0]).isEqualTo(5);
    }

    @Test
    void stopsAllWorkersThatLoopWhileOthersWaitForOne() throws Exception {
        Files.createFile(folder.resolve("with_mlx"));
        open(Duration.ofSeconds(4));
        List<Worker> looping =
                pool.places().stream().map(WorkerPool.Place::worker).toList();
        try (ExecutorService callers = Executors.newFixedThreadPool(6)) {
            List<Future<byte[]>> loops = List.of(
                    callers.submit(() -> pool.call(text("loop"))), callers.submit(() -> pool.call(text("loop"))));
            awaitAll(WorkerPool.State.BUSY, WorkerPool.State.BUSY);
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
        Worker looping = pool.places().getFirst().worker();
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
        awaitAll(WorkerPool.State.IDLE, WorkerPool.State.LOST);
        assertThat(pool.trouble()).contains("2 MLX workers of model 'any' hang in native code; restart the server");
        assertThat(pool.counts()).isEqualTo(new WorkerCounts(2, 1, 2));
        assertThat(embed("hello")[0]).isEqualTo(5);

        // Until that one hangs as well.
        hang(gates.get(2));
        awaitAll(WorkerPool.State.LOST, WorkerPool.State.LOST);
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
}
