package com.akidb.embedding.batching;

import com.akidb.embedding.EmbeddingBackend.BatchPolicy;
import com.akidb.embedding.batching.MicroBatcher.WaitingText;
import com.akidb.model.Pooling;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Waiting texts, by pooling and length. The oldest always leads the next batch, so that none starves; those that join it
 * are of its length or close to it. Not safe for many threads.
 *
 * <p>The rest of a large request waits in a {@link Feed}: each of its texts that leaves the queue lets the next one in,
 * behind everything that came meanwhile. So a large request keeps the workers busy and delays a small one only by the
 * few texts it has in the queue.
 */
final class BatchQueue {

    /** The texts of a large request that are not yet in the queue. */
    record Feed(Deque<WaitingText> rest) {}

    /** A text in the queue. */
    record Entry(WaitingText text, @Nullable Feed feed, long number, long sinceNanos) {

        int length() {
            return text.length();
        }
    }

    private final BatchPolicy policy;
    private final Map<Pooling, NavigableMap<Integer, Deque<Entry>>> lengths = new EnumMap<>(Pooling.class);
    private long nextNumber;
    private int size;
    private long tokens;

    BatchQueue(BatchPolicy policy) {
        this.policy = policy;
    }

    private NavigableMap<Integer, Deque<Entry>> alike(Pooling pooling) {
        return lengths.computeIfAbsent(pooling, any -> new TreeMap<>());
    }

    int size() {
        return size;
    }

    /** Tokens of the texts that wait. */
    long tokens() {
        return tokens;
    }

    void add(WaitingText text, @Nullable Feed feed, long nowNanos) {
        alike(text.pooling())
                .computeIfAbsent(text.length(), length -> new ArrayDeque<>())
                .add(new Entry(text, feed, nextNumber++, nowNanos));
        size++;
        tokens += text.length();
    }

    /** When the oldest text came; only if there is one. */
    long oldestNanos() {
        Entry oldest = oldest();
        if (oldest == null) {
            throw new IllegalStateException("The queue is empty");
        }
        return oldest.sinceNanos();
    }

    /** Whether waiting longer could not make the next batch larger. */
    boolean isFull() {
        if (size >= policy.maxTexts()) {
            return true;
        }
        Entry oldest = oldest();
        if (oldest == null) {
            return false;
        }
        Deque<Entry> equal = alike(oldest.text().pooling()).get(oldest.length());
        return equal != null && (equal.size() + 1) * oldest.length() > policy.maxTokens();
    }

    /**
     * Takes the texts of the next backend call out of the queue.
     *
     * @param atMost most texts wanted, at least 1
     * @return texts of one pooling whose lengths are close; empty if nobody wants those that waited
     */
    List<Entry> take(int atMost, long nowNanos) {
        List<Entry> batch = new ArrayList<>();
        for (Entry oldest = oldest(); oldest != null && batch.isEmpty(); oldest = oldest()) {
            Span span = new Span(oldest.length(), Math.min(atMost, policy.maxTexts()));
            NavigableMap<Integer, Deque<Entry>> groups = alike(oldest.text().pooling());
            span.fill(batch, groups, oldest.length(), nowNanos);
            if (!batch.isEmpty()) {
                span.fillNeighbours(batch, groups, oldest.length(), nowNanos);
            }
        }
        return batch;
    }

    private @Nullable Entry oldest() {
        Entry oldest = null;
        for (NavigableMap<Integer, Deque<Entry>> groups : lengths.values()) {
            for (Deque<Entry> group : groups.values()) {
                Entry first = group.getFirst();
                if (oldest == null || first.number() < oldest.number()) {
                    oldest = first;
                }
            }
        }
        return oldest;
    }

    /** The lengths that a batch has so far. */
    private final class Span {

        private final int atMost;
        private int shortest;
        private int longest;

        Span(int length, int atMost) {
            this.atMost = atMost;
            shortest = length;
            longest = length;
        }

        boolean admits(int length, int texts) {
            int newLongest = Math.max(longest, length);
            return texts < atMost
                    && newLongest - Math.min(shortest, length) <= policy.maxPadding()
                    && (texts == 0 || (long) (texts + 1) * newLongest <= policy.maxTokens());
        }

        void fill(List<Entry> batch, NavigableMap<Integer, Deque<Entry>> groups, int length, long nowNanos) {
            Deque<Entry> group = groups.get(length);
            while (group != null && !group.isEmpty() && admits(length, batch.size())) {
                Entry entry = group.removeFirst();
                size--;
                tokens -= entry.length();
                if (group.isEmpty()) {
                    groups.remove(length);
                }
                boolean wanted = entry.text().begin();
                letNextIn(entry.feed(), nowNanos);
                if (wanted) {
                    batch.add(entry);
                    shortest = Math.min(shortest, length);
                    longest = Math.max(longest, length);
                }
                group = groups.get(length);
            }
        }

        /** Shorter texts first: they make no other text's padding longer. */
        void fillNeighbours(List<Entry> batch, NavigableMap<Integer, Deque<Entry>> groups, int length, long nowNanos) {
            for (Integer shorter = groups.lowerKey(length);
                    shorter != null && admits(shorter, batch.size());
                    shorter = groups.lowerKey(shorter)) {
                fill(batch, groups, shorter, nowNanos);
            }
            for (Integer longer = groups.higherKey(length);
                    longer != null && admits(longer, batch.size());
                    longer = groups.higherKey(longer)) {
                fill(batch, groups, longer, nowNanos);
            }
        }

        private void letNextIn(@Nullable Feed feed, long nowNanos) {
            WaitingText next = feed == null ? null : feed.rest().poll();
            if (next != null) {
                add(next, feed, nowNanos);
            }
        }
    }
}
