package com.akidb.http.server;

import com.akidb.error.OverloadedException;
import com.akidb.memory.MemoryBudget;
import com.akidb.memory.RequestMemory;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds what all REST requests take together: how many are in progress, the memory of their bodies, and the memory of
 * answers that clients have not read yet.
 */
public final class Admission {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    /** Most clients that listen at once. */
    private static final int MOST_LISTENERS = 10_000;

    private final int maxRequests;
    private final MemoryBudget bodies;
    private final MemoryBudget answers;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger listeners = new AtomicInteger();

    /**
     * Bounds requests.
     *
     * @param bodies memory of request bodies
     * @param answers memory of what is read for answers, and of answers until their clients have them
     */
    Admission(int maxRequests, MemoryBudget bodies, MemoryBudget answers) {
        this.maxRequests = maxRequests;
        this.bodies = bodies;
        this.answers = answers;
    }

    /** Takes a place, to be given back by {@link #leave}. */
    void enter() {
        if (requests.incrementAndGet() > maxRequests) {
            requests.decrementAndGet();
            throw new OverloadedException(
                    "The server works on " + maxRequests + " requests in progress; try again later", RETRY_AFTER);
        }
    }

    void leave() {
        requests.decrementAndGet();
    }

    /** Takes a place of a client that listens, to be given back by {@link #leaveListener}. */
    void enterListener() {
        if (listeners.incrementAndGet() > MOST_LISTENERS) {
            listeners.decrementAndGet();
            throw tooManyListeners();
        }
    }

    /** Refuses a client that wants to listen if there is no place. */
    void requireRoomForListener() {
        if (listeners.get() >= MOST_LISTENERS) {
            throw tooManyListeners();
        }
    }

    private static OverloadedException tooManyListeners() {
        return new OverloadedException(
                "As many clients listen as may at once, " + MOST_LISTENERS + "; try again later", RETRY_AFTER);
    }

    void leaveListener() {
        listeners.decrementAndGet();
    }

    /** Clients that listen, by sockets or streams of events. */
    public int listeners() {
        return listeners.get();
    }

    /** Memory for a request's body, to be closed. */
    RequestMemory body() {
        return new RequestMemory(bodies, "The bodies of the requests that are worked on fill the memory for them");
    }

    /** Memory for what is read for a request and for its answer, to be closed. */
    RequestMemory answer() {
        return new RequestMemory(answers, "Answers that their clients have not read yet fill the memory for them");
    }

    public int requests() {
        return requests.get();
    }

    public long bytes() {
        return bodies.held();
    }

    /** Bytes of answers that are made or wait for their clients. */
    public long answers() {
        return answers.held();
    }
}
