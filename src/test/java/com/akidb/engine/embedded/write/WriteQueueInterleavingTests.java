package com.akidb.engine.embedded.write;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.error.OverloadedException;
import com.akidb.error.UnavailableException;
import com.akidb.junit.InterleavingTest;
import com.akidb.junit.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

class WriteQueueInterleavingTests {

    private final List<WriteTask> taken = new ArrayList<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();

    private static WriteTask task(long weight) {
        return new WriteTask.Rows(List.of(), weight, new CompletableFuture<>(), () -> false);
    }

    private void add(WriteQueue queue, long weight) {
        try {
            queue.add(task(weight));
            accepted.incrementAndGet();
        } catch (OverloadedException | UnavailableException e) {
            refused.incrementAndGet();
        }
    }

    private void takeAll(WriteQueue queue) {
        for (List<WriteTask> group = queue.take(); !group.isEmpty(); group = queue.take()) {
            taken.addAll(group);
        }
    }

    @InterleavingTest
    void wakesTheWriterForEachThatIsAdded() throws Exception {
        WriteQueue queue = new WriteQueue(10, 1_000);
        Threads threads = Threads.start(() -> add(queue, 1), () -> add(queue, 1));
        while (taken.size() < 2) {
            taken.addAll(queue.take());
        }
        threads.join();
        assertThat(queue.depth()).isZero();
    }

    @InterleavingTest
    void handsOutAllThatItAcceptedAlthoughItIsClosedMeanwhile() throws Exception {
        WriteQueue queue = new WriteQueue(10, 1_000);
        Threads.start(() -> takeAll(queue), () -> add(queue, 1), () -> add(queue, 1), queue::close)
                .join();
        assertThat(taken).hasSize(accepted.get());
        assertThat(queue.depth()).isZero();
    }

    @InterleavingTest
    void wakesTheWriterWhenTheLastThatWasBeingAddedIsRefused() throws Exception {
        WriteQueue queue = new WriteQueue(1, 1_000);
        Threads.start(() -> takeAll(queue), () -> add(queue, 1), () -> add(queue, 1), queue::close)
                .join();
        assertThat(taken).hasSize(accepted.get());
        assertThat(queue.depth()).isZero();
    }

    @InterleavingTest
    void holdsNoMoreThanItsBounds() throws Exception {
        WriteQueue queue = new WriteQueue(2, 10);
        Threads.start(() -> add(queue, 4), () -> add(queue, 4), () -> add(queue, 4))
                .join();
        assertThat(accepted.get()).isBetween(1, 2);
        assertThat(queue.depth()).isEqualTo(accepted.get());
        queue.close();
        takeAll(queue);
        assertThat(taken).hasSize(accepted.get());
        // What was taken or refused holds no memory any more.
        WriteQueue another = new WriteQueue(2, 10);
        Threads.start(() -> add(another, 8), () -> add(another, 8)).join();
        assertThat(another.depth()).isEqualTo(1);
    }
}
