package com.akidb.embedding.mlx;

import com.akidb.embedding.mlx.PythonModel.PythonCall;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A platform thread with a model in Python: the thread loads it, runs all its calls, one at a time, and closes it. Its
 * methods are for other threads.
 */
final class Worker {

    private static final Logger log = LoggerFactory.getLogger(Worker.class);

    /** One look may fall between two native calls of a loop. */
    private static final int QUIET_LOOKS = 10;

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);

    /** Loops that use MLX ask it for something in this time. */
    private static final Duration UNTIL_REFUSED = Duration.ofSeconds(1);

    private record Task(@Nullable PythonCall call, CompletableFuture<byte[]> answer) {}

    private static final Task STOP = new Task(null, new CompletableFuture<>());

    private final String name;
    private final BlockingQueue<Task> tasks = new LinkedBlockingQueue<>();
    private final CompletableFuture<PythonModel> loaded = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final LongConsumer afterCall;
    private final Thread thread;
    private volatile boolean stopping;
    private volatile boolean closing;

    /**
     * Starts it; it loads by itself.
     *
     * @param opening loads the model
     * @param warmUp runs the model before anybody else does
     * @param afterCall gets the bytes of MLX's arrays after each call, on the worker's thread
     */
    Worker(String name, Supplier<PythonModel> opening, Consumer<PythonModel> warmUp, LongConsumer afterCall) {
        this.name = name;
        this.afterCall = afterCall;
        thread = Thread.ofPlatform().name(name).daemon().start(() -> live(opening, warmUp));
    }

    String name() {
        return name;
    }

    /** Completes when it can be called, or with the reason why it never will. */
    CompletableFuture<PythonModel> loaded() {
        return loaded;
    }

    /** Completes when its thread has closed the model and is about to end. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    /** Waits for the end of its thread; whether it came. */
    boolean endsWithin(Duration patience) {
        try {
            return thread.join(patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Runs a call and waits for it.
     *
     * @throws PythonFailure if Python raised, died, or was not done in time
     */
    byte[] call(PythonCall call, Duration timeout) throws InterruptedException {
        Task task = new Task(call, new CompletableFuture<>());
        tasks.add(task);
        if (ended.isDone()) {
            failLeft();
        }
        try {
            return task.answer().get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new PythonFailure(
                    PythonFailure.Kind.HUNG, "the MLX worker gave no answer within " + seconds(timeout), e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof PythonFailure failure
                    ? failure
                    : new PythonFailure(PythonFailure.Kind.DIED, "the MLX worker died: " + e.getCause(), e.getCause());
        }
    }

    private static String seconds(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }

    /** Has MLX refuse what its model asks for from now on. Returns at once, and disturbs no other worker. */
    void refuseMore() {
        loaded.thenAccept(PythonModel::refuseMore);
    }

    /** Has MLX refuse what its model asks for, and waits a moment for its end; whether it came. */
    boolean endsWhenRefused() {
        refuseMore();
        return endsWithin(UNTIL_REFUSED);
    }

    /**
     * Ends the Python code that it runs, and that of all other workers in the same Python, once no native code is below: there
     * an interrupt would end the process.
     *
     * @return false if native code ran all the time
     */
    boolean interrupt(Duration patience) {
        PythonModel model = loaded.getNow(null);
        if (model == null) {
            return true;
        }
        long end = System.nanoTime() + patience.toNanos();
        for (int quiet = 0; quiet < QUIET_LOOKS; ) {
            if (endsWithin(BETWEEN_LOOKS)) {
                return true;
            }
            quiet = closing || model.isInNativeCode() ? 0 : quiet + 1;
            if (System.nanoTime() > end) {
                return false;
            }
        }
        return model.interrupt(patience);
    }

    /** Says that its Python is good for nobody any more. */
    void abandon() {
        loaded.thenAccept(PythonModel::abandon);
    }

    /** Lets it end after the call that it runs. Returns at once. */
    void stop() {
        stopping = true;
        tasks.add(STOP);
    }

    private void live(Supplier<PythonModel> opening, Consumer<PythonModel> warmUp) {
        try {
            PythonModel model = opening.get();
            try {
                if (!stopping) {
                    warmUp.accept(model);
                }
                loaded.complete(model);
                work(model);
            } finally {
                closing = true;
                model.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | LinkageError | StackOverflowError | OutOfMemoryError e) {
            if (!loaded.completeExceptionally(e)) {
                log.warn("Worker {} did not end in order", name, e);
            }
        } finally {
            ended.complete(null);
            failLeft();
        }
    }

    /** Whoever called when it was about to end may try elsewhere. */
    private void failLeft() {
        for (Task task = tasks.poll(); task != null; task = tasks.poll()) {
            task.answer()
                    .completeExceptionally(
                            new PythonFailure(PythonFailure.Kind.DIED, "the MLX worker was replaced", null));
        }
    }

    private void work(PythonModel model) throws InterruptedException {
        for (Task task = tasks.take(); task != STOP; task = tasks.take()) {
            PythonCall call = task.call();
            try {
                if (call != null) {
                    task.answer().complete(model.run(call));
                }
            } catch (RuntimeException | LinkageError | StackOverflowError | OutOfMemoryError e) {
                task.answer().completeExceptionally(e);
            }
            afterCall.accept(model.activeMemory());
        }
    }
}
