package com.akidb.model.hub;

import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of a response, read piece by piece with a limit on how long a piece may be waited for; the JDK's own limit ends
 * with the headers. One thread reads; {@link #close} gives up the rest.
 */
final class TimedBody implements Flow.Subscriber<List<ByteBuffer>>, AutoCloseable {

    /** What the publisher said last: content, or how it ended. */
    private record Event(List<ByteBuffer> content, @Nullable Throwable failure, boolean last) {}

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Duration timeout;
    private volatile Flow.@Nullable Subscription subscription;

    TimedBody(Flow.Publisher<List<ByteBuffer>> body, Duration timeout) {
        this.timeout = timeout;
        body.subscribe(this);
    }

    /**
     * The next piece; empty at the end.
     *
     * @throws IOException if the connection broke, or nothing came in time
     */
    List<ByteBuffer> next() throws IOException {
        Flow.Subscription open = subscription;
        if (open != null) {
            open.request(1);
        }
        try {
            Event event = events.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
            if (event == null) {
                throw new HttpTimeoutException("nothing came for " + timeout.toMillis() + " ms");
            }
            if (event.failure() != null) {
                throw new IOException("the connection broke", event.failure());
            }
            return event.last() ? List.of() : event.content();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription newSubscription) {
        subscription = newSubscription;
    }

    @Override
    public void onNext(List<ByteBuffer> content) {
        events.add(new Event(content, null, false));
    }

    @Override
    public void onError(Throwable failure) {
        events.add(new Event(List.of(), failure, false));
    }

    @Override
    public void onComplete() {
        events.add(new Event(List.of(), null, true));
    }

    @Override
    public void close() {
        Flow.Subscription open = subscription;
        if (open != null) {
            open.cancel();
        }
    }
}
