package com.akidb.http.server;

import com.akidb.error.OverloadedException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds what REST requests take together: how many are worked on, how much memory their bodies need, and how much the
 * answers that wait for their clients.
 */
public final class Admission {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final int maxRequests;
    private final long maxBytes;
    private final long maxAnswers;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong answers = new AtomicLong();

    Admission(int maxRequests, long maxBytes, long maxAnswers) {
        this.maxRequests = maxRequests;
        this.maxBytes = maxBytes;
        this.maxAnswers = maxAnswers;
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

    /**
     * Takes memory for an answer until its client has read it, to be given back by {@link #sent}. One that is alone is let
     * through however large it is: trying again would not help it.
     */
    void hold(int more) {
        if (answers.addAndGet(more) > Math.max(maxAnswers, more)) {
            answers.addAndGet(-more);
            throw new OverloadedException(
                    "Answers that their clients have not read yet fill the memory for them; try again later",
                    RETRY_AFTER);
        }
    }

    void sent(int less) {
        answers.addAndGet(-less);
    }

    public int requests() {
        return requests.get();
    }

    public long bytes() {
        return bytes.get();
    }

    /** Bytes of answers that wait for their clients. */
    public long answers() {
        return answers.get();
    }
}
