package com.akidb.http.server;

import com.akidb.error.OverloadedException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Bounds what REST requests take together: how many are worked on, and how much memory their bodies need. */
public final class Admission {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final int maxRequests;
    private final long maxBytes;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    Admission(int maxRequests, long maxBytes) {
        this.maxRequests = maxRequests;
        this.maxBytes = maxBytes;
    }

    /** Takes a place, to be given back by {@link #leave}. */
    void enter() {
        if (requests.incrementAndGet() > maxRequests) {
            requests.decrementAndGet();
            throw new OverloadedException(
                    "The server works on " + maxRequests + " requests already; try again later", RETRY_AFTER);
        }
    }

    void leave() {
        requests.decrementAndGet();
    }

    /** Takes memory for a body, to be given back by {@link #release}. */
    void reserve(int more) {
        if (bytes.addAndGet(more) > maxBytes) {
            bytes.addAndGet(-more);
            throw new OverloadedException(
                    "The bodies of the requests that are worked on fill the memory for them; try again later",
                    RETRY_AFTER);
        }
    }

    void release(long less) {
        bytes.addAndGet(-less);
    }

    public int requests() {
        return requests.get();
    }

    long bytes() {
        return bytes.get();
    }
}
