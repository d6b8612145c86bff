package com.akidb.embedding.batching;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.embedding.EmbeddingBackend.BatchPolicy;
import com.akidb.embedding.batching.BatchQueue.Entry;
import com.akidb.embedding.batching.BatchQueue.Feed;
import com.akidb.embedding.batching.MicroBatcher.WaitingText;
import com.akidb.error.AkidbException;
import com.akidb.model.Pooling;
import java.util.ArrayDeque;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchQueueTests {

    /** A text that is known by its length. */
    private record Text(int length, Pooling pooling, boolean begin) implements WaitingText {

        Text(int length) {
            this(length, Pooling.MEAN, true);
        }

        @Override
        public int[] tokens() {
            return new int[length];
        }

        @Override
        public String text() {
            return "";
        }

        @Override
        public void complete(float[] vector, int tokens) {}

        @Override
        public void fail(AkidbException failure) {}
    }

    @Test
    void takesTextsOfCloseLengthsTogetherOldestFirst() {
        BatchQueue queue = queueOf(new BatchPolicy(32, 128, 2), 10, 30, 12, 8, 10);

        assertThat(take(queue, 32)).containsExactly(10, 10, 8);
        assertThat(take(queue, 32)).containsExactly(30);
        assertThat(take(queue, 32)).containsExactly(12);
        assertThat(take(queue, 32)).isEmpty();
    }

    @Test
    void takesOnlyEqualLengthsWhenNothingMayBePadded() {
        BatchQueue queue = queueOf(new BatchPolicy(32, 128, 0), 10, 11, 10);

        assertThat(take(queue, 32)).containsExactly(10, 10);
        assertThat(take(queue, 32)).containsExactly(11);
    }

    @Test
    void countsPaddingAgainstTheTokens() {
        BatchQueue queue = queueOf(new BatchPolicy(32, 23, 4), 10, 10, 12);
        BatchQueue roomier = queueOf(new BatchPolicy(32, 36, 4), 10, 10, 12);

        assertThat(take(queue, 32)).containsExactly(10, 10);
        assertThat(take(roomier, 32)).containsExactly(10, 10, 12);
    }

    @Test
    void takesATextThatIsLongerThanACallAlone() {
        BatchQueue queue = queueOf(new BatchPolicy(32, 16, 4), 200, 200);

        assertThat(take(queue, 32)).containsExactly(200);
        assertThat(take(queue, 32)).containsExactly(200);
    }

    @Test
    void takesNoMoreThanTheWorkerShould() {
        BatchQueue queue = queueOf(new BatchPolicy(2, 1000, 4), 5, 5, 5, 5, 5);

        assertThat(take(queue, 1)).hasSize(1);
        assertThat(take(queue, 32)).hasSize(2);
        assertThat(queue.size()).isEqualTo(2);
    }

    @Test
    void doesNotMixPoolings() {
        BatchQueue queue = new BatchQueue(new BatchPolicy(32, 128, 4));
        queue.add(new Text(5, Pooling.CLS, true), null, 0);
        queue.add(new Text(5, Pooling.MEAN, true), null, 0);

        assertThat(queue.take(32, 0))
                .hasSize(1)
                .allSatisfy(entry -> assertThat(entry.text().pooling()).isEqualTo(Pooling.CLS));
    }

    @Test
    void dropsWhatNobodyWants() {
        BatchQueue queue = new BatchQueue(new BatchPolicy(32, 128, 4));
        queue.add(new Text(5, Pooling.MEAN, false), null, 0);
        queue.add(new Text(50, Pooling.MEAN, false), null, 0);
        queue.add(new Text(6), null, 0);

        assertThat(take(queue, 32)).containsExactly(6);
        assertThat(queue.size()).isZero();
    }

    @Test
    void letsTheRestOfALargeRequestInBehindTheOthers() {
        BatchQueue queue = new BatchQueue(new BatchPolicy(1, 128, 0));
        Feed feed = new Feed(new ArrayDeque<>(List.of(new Text(7), new Text(7))));
        queue.add(new Text(7), feed, 0);
        queue.add(new Text(9), null, 0);

        assertThat(take(queue, 1)).containsExactly(7);
        assertThat(take(queue, 1)).containsExactly(9);
        assertThat(take(queue, 1)).containsExactly(7);
        assertThat(take(queue, 1)).containsExactly(7);
        assertThat(queue.size()).isZero();
    }

    @Test
    void isFullWhenTheNextBatchCannotGrow() {
        assertThat(queueOf(new BatchPolicy(3, 128, 0), 5, 6).isFull()).isFalse();
        assertThat(queueOf(new BatchPolicy(3, 128, 0), 5, 6, 7).isFull()).isTrue();
        assertThat(queueOf(new BatchPolicy(32, 20, 0), 10, 10).isFull()).isTrue();
        assertThat(queueOf(new BatchPolicy(32, 20, 0)).isFull()).isFalse();
    }

    private static BatchQueue queueOf(BatchPolicy policy, int... lengths) {
        BatchQueue queue = new BatchQueue(policy);
        for (int length : lengths) {
            queue.add(new Text(length), null, 0);
        }
        return queue;
    }

    private static List<Integer> take(BatchQueue queue, int atMost) {
        return queue.take(atMost, 0).stream().map(Entry::length).toList();
    }
}
