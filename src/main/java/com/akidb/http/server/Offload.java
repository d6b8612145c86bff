package com.akidb.http.server;

import com.akidb.concurrent.Patience;
import com.akidb.concurrent.RequestThreads;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Runs work that must not hold an event loop on {@link RequestThreads}, which keep the request's id in their log lines. */
public final class Offload implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Offload.class);

    private static final Duration MOST_TIME_TO_STOP = Duration.ofSeconds(10);

    private final RequestThreads threads = new RequestThreads("http");

    /** Starts work; cancelling the outcome ends it at the next place where it asks for its {@link Patience}. */
    public <T extends @Nullable Object> CompletableFuture<T> supply(Supplier<T> work) {
        return compose(() -> CompletableFuture.completedFuture(work.get()));
    }

    /** As {@link #supply}, for work that only begins on a thread of this: its patience lasts until what it began has ended. */
    public <T extends @Nullable Object> CompletableFuture<T> compose(Supplier<CompletableFuture<T>> work) {
        String id = MDC.get(RequestIds.LOG_KEY);
        return Patience.compose(threads, () -> {
            if (id == null) {
                return work.get();
            }
            try (MDC.MDCCloseable ignored = MDC.putCloseable(RequestIds.LOG_KEY, id)) {
                return work.get();
            }
        });
    }

    /** Runs what tells of its outcome by itself. */
    void run(Runnable work) {
        threads.execute(work);
    }

    /** Takes no more, and waits a while for what runs: its requests were answered or given up before. */
    @Override
    public void close() {
        if (!threads.stop(MOST_TIME_TO_STOP)) {
            log.warn("Requests that were given up still ran while the server stopped; they were interrupted");
        }
    }
}
