package com.akidb.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.junit.InterleavingTest;
import com.akidb.junit.Threads;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

class NativeThreadsInterleavingTests {

    @InterleavingTest
    void answersAllCallsThatItTookBeforeItStopped() throws Exception {
        NativeThreads threads = new NativeThreads("native", 1, 1);
        AtomicInteger taken = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        Threads.Work call = () -> {
            try {
                assertThat(threads.<Integer>call(done::incrementAndGet)).isPositive();
                taken.incrementAndGet();
            } catch (RejectedExecutionException e) {
                refused.incrementAndGet();
            }
        };
        Threads.start(call, call, threads::stop).join();
        assertThat(taken.get() + refused.get()).isEqualTo(2);
        assertThat(done).hasValue(taken.get());
    }
}
