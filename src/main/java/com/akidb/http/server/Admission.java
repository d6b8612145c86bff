package com.akidb.http.server;

import com.akidb.error.OverloadedException;
import com.akidb.memory.Heap;
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

    /**
     * What a large body says is on the heap three times over: as bytes, as values and as what is stored. That is to pass
     * through the young generation.
     */
    private static final int SHARE_OF_TURNS = 32;

    private static final String FULL_OF_BODIES =
            "The bodies of the requests that are worked on fill the memory for them";

    private final int maxRequests;
    private final int maxListeners;
    private final MemoryBudget bodies;
    private final MemoryBudget answers;
    private final Turns turns = new Turns(Heap.bytes() / SHARE_OF_TURNS);
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger listeners = new AtomicInteger();

    /**
     * Bounds requests.
     *
     * @param bodies memory of request bodies
     * @param answers memory of what is read for answers, and of answers until their clients have them
     */
    Admission(int maxRequests, int maxListeners, MemoryBudget bodies, MemoryBudget answers) {
        this.maxRequests = maxRequests;
        this.maxListeners = maxListeners;
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
        if (listeners.incrementAndGet() > maxListeners) {
            listeners.decrementAndGet();
            throw tooManyListeners();
        }
    }

    /** Refuses a client that wants to listen if there is no place. */
    void requireRoomForListener() {
        if (listeners.get() >= maxListeners) {
            throw tooManyListeners();
        }
    }

    private OverloadedException tooManyListeners() {
        return new OverloadedException(
                "As many clients listen as may at once, " + maxListeners + "; try again later", RETRY_AFTER);
    }

    void leaveListener() {
        listeners.decrementAndGet();
    }

    /** Clients that listen, by sockets or streams of events. */
    public int listeners() {
        return listeners.get();
    }

    /**
     * Memory for a request's body, to be closed.
     *
     * @param declared bytes that are to come, so that there is no need to wait for them to see that they are too many; or -1
     */
    RequestMemory body(long declared) {
        if (!bodies.hasRoomFor(declared)) {
            throw new OverloadedException(FULL_OF_BODIES + "; try again later", RETRY_AFTER);
        }
        return new RequestMemory(bodies, FULL_OF_BODIES);
    }

    /** The line in which large bodies wait to be worked on. */
    Turns turns() {
        return turns;
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
