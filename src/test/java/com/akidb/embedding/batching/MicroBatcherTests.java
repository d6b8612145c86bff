package com.akidb.embedding.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.embedding.EmbeddingBackend.BatchPolicy;
import com.akidb.embedding.EmbeddingRequest.Urgency;
import com.akidb.embedding.GatedBackend;
import com.akidb.embedding.batching.MicroBatcher.BatchListener;
import com.akidb.error.OverloadedException;
import com.akidb.error.UnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Gathering without flushing at idle, and stopping with a worker that hangs. */
class MicroBatcherTests {

    private static final BatchPolicy FOUR_TEXTS = new BatchPolicy(4, 128, 0);
    private static final BatchListener NOBODY = new BatchListener() {
        @Override
        public void waited(long nanos) {}

        @Override
        public void calling(int texts) {}
    };

    private final GatedBackend backend = new GatedBackend(FOUR_TEXTS);

    @Test
    void gathersUntilABatchIsFullWhenNotFlushingAtIdle() throws Exception {
        backend.letAllThrough();
        try (MicroBatcher batcher = batcher(Duration.ofSeconds(10), Duration.ofSeconds(5))) {
            batcher.submit(texts(1), Urgency.INTERACTIVE);
            batcher.submit(texts(2), Urgency.INTERACTIVE);
            batcher.submit(texts(1), Urgency.INTERACTIVE);

            assertThat(backend.awaitCall().rows()).hasSize(4);
        }
    }

    @Test
    void flushesAPartOfABatchWhenTheOldestTextHasWaitedLongEnough() throws Exception {
        backend.letAllThrough();
        try (MicroBatcher batcher = batcher(Duration.ofMillis(5), Duration.ofSeconds(5))) {
            batcher.submit(texts(2), Urgency.INTERACTIVE);

            assertThat(backend.awaitCall().rows()).hasSize(2);
        }
    }

    @Test
    void flushesWhatItHasWhenItStops() throws Exception {
        backend.letAllThrough();
        PromisedText text = new PromisedText();
        MicroBatcher batcher = batcher(Duration.ofSeconds(10), Duration.ofSeconds(5));
        batcher.submit(List.of(text), Urgency.INTERACTIVE);
        batcher.close();

        assertThat(text.vector.get(30, TimeUnit.SECONDS)).hasSize(384);
        assertThatThrownBy(() -> batcher.submit(texts(1), Urgency.INTERACTIVE))
                .isInstanceOf(UnavailableException.class);
    }

    @Test
    void givesUpWaitingTextsWhenAWorkerHangsWhileItStops() throws Exception {
        PromisedText running = new PromisedText();
        PromisedText waiting = new PromisedText();
        MicroBatcher batcher = batcher(Duration.ZERO, Duration.ofMillis(50));
        batcher.submit(List.of(running), Urgency.INTERACTIVE);
        backend.awaitCall();
        batcher.submit(List.of(waiting), Urgency.INTERACTIVE);
        assertThat(batcher.depth()).isEqualTo(1);
        batcher.close();

        assertThat(waiting.vector).isCompletedExceptionally();
        assertThat(waiting.vector.exceptionNow()).isInstanceOf(UnavailableException.class);
        backend.letAllThrough();
        assertThat(running.vector.get(30, TimeUnit.SECONDS)).hasSize(384);
    }

    @Test
    void refusesATextThatWouldWaitTooLongBehindOthersAndNoneThatFindsTheQueueEmpty() throws Exception {
        BatchingProperties impatient =
                new BatchingProperties(10, Duration.ZERO, true, Duration.ofSeconds(5), Duration.ofNanos(1));
        try (MicroBatcher batcher = new MicroBatcher("gated", backend, FOUR_TEXTS, impatient, NOBODY)) {
            PromisedText first = new PromisedText();
            batcher.submit(List.of(first), Urgency.INTERACTIVE);
            backend.awaitCall();
            batcher.submit(texts(1), Urgency.INTERACTIVE);
            batcher.submit(texts(1), Urgency.INTERACTIVE); // Nothing is known yet of how long a call takes.
            backend.letOneThrough();
            backend.awaitCall();

            PromisedText waiting = new PromisedText();
            batcher.submit(List.of(waiting), Urgency.INTERACTIVE);
            assertThatThrownBy(() -> batcher.submit(texts(1), Urgency.INTERACTIVE))
                    .isInstanceOf(OverloadedException.class);
            batcher.submit(texts(1), Urgency.BACKGROUND);
            batcher.submit(texts(1), Urgency.BACKGROUND);
            backend.letAllThrough();
            assertThat(waiting.vector.get(30, TimeUnit.SECONDS)).hasSize(384);
        }
    }

    private MicroBatcher batcher(Duration maxWait, Duration drainTimeout) {
        return new MicroBatcher(
                "gated",
                backend,
                FOUR_TEXTS,
                new BatchingProperties(10, maxWait, false, drainTimeout, Duration.ofMinutes(10)),
                NOBODY);
    }

    private static List<PromisedText> texts(int count) {
        return Stream.generate(PromisedText::new).limit(count).toList();
    }
}
