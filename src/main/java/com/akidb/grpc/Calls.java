package com.akidb.grpc;

import com.akidb.concurrent.Futures;
import com.akidb.concurrent.Patience;
import com.akidb.error.OverloadedException;
import com.akidb.memory.MemoryBudget;
import com.akidb.memory.RequestMemory;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Runs calls. Handlers start on gRPC's event loops, so that an answer that is at hand costs no change of threads; what
 * may block is moved to other threads here. A call that its client gives up cancels the work behind it.
 */
final class Calls {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration MOST_PATIENCE = Duration.ofMinutes(10);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final Executor threads;
    private final Semaphore permits;
    private final MemoryBudget answers;

    /**
     * Runs calls with these means.
     *
     * @param threads where calls may block
     * @param mostAtOnce most calls that block at once; one more is refused
     * @param answers memory of what is read for answers, and of answers until their clients have them
     */
    Calls(Executor threads, int mostAtOnce, MemoryBudget answers) {
        this.threads = threads;
        this.answers = answers;
        this.permits = new Semaphore(mostAtOnce);
    }

    /** Answers when the future does; the work must not block. */
    <T> void answer(StreamObserver<T> observer, Supplier<CompletableFuture<T>> work) {
        ServerCallStreamObserver<T> call = (ServerCallStreamObserver<T>) observer;
        RequestMemory memory =
                new RequestMemory(answers, "Answers that their clients have not read yet fill the memory for them");
        call.setOnCloseHandler(memory::close);
        CompletableFuture<T> outcome;
        try {
            outcome = Patience.during(call::isCancelled, () -> memory.during(work));
        } catch (RuntimeException | Error failure) {
            memory.close();
            call.onError(Statuses.of(failure));
            return;
        }
        call.setOnCancelHandler(() -> {
            memory.close();
            outcome.cancel(true);
        });
        outcome.whenComplete((answer, failure) -> {
            if (call.isCancelled()) {
                return;
            }
            if (failure != null) {
                call.onError(Statuses.of(failure));
            } else {
                call.onNext(answer);
                call.onCompleted();
            }
        });
    }

    /** Answers with what the work gives, which may block. */
    <T> void answerBlocking(StreamObserver<T> observer, Supplier<T> work) {
        answer(observer, () -> offload(() -> CompletableFuture.completedFuture(work.get())));
    }

    /** Starts work where it may block; cancelling the outcome cancels the work. */
    <T> CompletableFuture<T> offload(Supplier<CompletableFuture<T>> work) {
        if (!permits.tryAcquire()) {
            throw new OverloadedException("Too many calls at once; try again later", RETRY_AFTER);
        }
        CompletableFuture<T> outcome = new CompletableFuture<>();
        Supplier<CompletableFuture<T>> carried = RequestMemory.carried(work);
        threads.execute(() -> {
            CompletableFuture<T> started;
            try {
                started = outcome.isDone() ? outcome : Patience.during(outcome::isDone, carried);
            } catch (RuntimeException | Error failure) {
                started = CompletableFuture.failedFuture(failure);
            } finally {
                // Before the answer: who has it may call again at once.
                permits.release();
            }
            Futures.follow(outcome, started);
        });
        return outcome;
    }

    /** How long the caller of the current call waits: what is left of its deadline, or 30 seconds if it set none. */
    static Duration timeout() {
        Deadline deadline = Context.current().getDeadline();
        if (deadline == null || CallDeadlines.isSetHere()) {
            return PATIENCE;
        }
        long millis = Math.max(0, deadline.timeRemaining(TimeUnit.MILLISECONDS));
        return Duration.ofMillis(Math.min(millis, MOST_PATIENCE.toMillis()));
    }
}
