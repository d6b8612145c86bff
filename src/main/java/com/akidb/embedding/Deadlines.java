package com.akidb.embedding;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Ends calls whose time is over, also while all workers are busy. */
final class Deadlines implements AutoCloseable {

    private final ScheduledThreadPoolExecutor timer;

    Deadlines() {
        timer = new ScheduledThreadPoolExecutor(
                1, task -> Thread.ofPlatform().name("embed-deadlines").daemon().unstarted(task));
        timer.setRemoveOnCancelPolicy(true);
        // A call that comes while the server stops is refused by the model's queue.
        timer.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    }

    void watch(EmbeddingCall call) {
        if (call.result().isDone()) {
            return;
        }
        long nanos = call.request().timeout().toNanos();
        ScheduledFuture<?> alarm = timer.schedule(call::expire, nanos, TimeUnit.NANOSECONDS);
        var unused = call.result().whenComplete((result, failure) -> alarm.cancel(false));
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
