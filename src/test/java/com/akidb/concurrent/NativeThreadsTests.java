package com.akidb.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NativeThreadsTests {

    private final NativeThreads threads = new NativeThreads("test", 1, 1);
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch hold = new CountDownLatch(1);

    @AfterEach
    void close() {
        hold.countDown();
        callers.close();
        threads.close();
    }

    @Test
    void callsOnPlatformThreadsAndGivesWhatTheCallGives() throws Exception {
        assertThat(callers.submit(
                                () -> threads.call(() -> Thread.currentThread().isVirtual()))
                        .get())
                .isFalse();
        assertThatThrownBy(() -> threads.call(() -> {
                    throw new ArithmeticException("of the call");
                }))
                .isInstanceOf(ArithmeticException.class)
                .hasMessage("of the call");
    }

    @Test
    void saysHowLongACallHasWaitedAndRefusesOneMoreThanMayWait() throws Exception {
        assertThat(threads.longestWait()).isZero();
        CountDownLatch begun = new CountDownLatch(1);
        Future<Boolean> first = callers.submit(() -> threads.call(() -> {
            begun.countDown();
            return await();
        }));
        begun.await();
        assertThat(threads.longestWait()).isZero();

        Future<Boolean> second = callers.submit(() -> threads.call(this::await));
        while (threads.longestWait().compareTo(Duration.ofMillis(1)) < 0) {
            Thread.onSpinWait();
        }
        assertThatThrownBy(() -> threads.call(this::await)).isInstanceOf(RejectedExecutionException.class);

        hold.countDown();
        assertThat(first.get()).isTrue();
        assertThat(second.get()).isTrue();
        assertThat(threads.longestWait()).isZero();
    }

    private boolean await() {
        try {
            hold.await();
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }
}
