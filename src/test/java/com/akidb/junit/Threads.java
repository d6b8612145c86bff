package com.akidb.junit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Threads that work at once; what one of them throws is thrown when they are joined. */
public final class Threads {

    /** What a thread does. */
    @FunctionalInterface
    public interface Work {
        void run() throws Exception;
    }

    private final List<Thread> threads;
    private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());

    private Threads(Work... works) {
        threads = Arrays.stream(works).map(this::thread).toList();
    }

    private Thread thread(Work work) {
        return new Thread(() -> {
            try {
                work.run();
            } catch (Exception | AssertionError e) {
                failures.add(e);
            }
        });
    }

    public static Threads start(Work... works) {
        Threads all = new Threads(works);
        all.threads.forEach(Thread::start);
        return all;
    }

    public void join() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
        if (!failures.isEmpty()) {
            throw new AssertionError("A thread failed", failures.getFirst());
        }
    }
}
