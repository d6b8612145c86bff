package com.akidb.engine.embedded.index.vectors;

/**
 * The best of the hits offered to it: higher scores first, among equal scores lower row ids. A binary heap whose root
 * is the worst that is kept. Used again for the next search; for one thread at a time.
 */
public final class BestHits {

    private float[] scores = new float[0];
    private long[] rowIds = new long[0];
    private int limit;
    private int size;

    /** Empties it and sets how many hits it keeps, 1 or more. */
    public void reset(int newLimit) {
        if (scores.length < newLimit) {
            scores = new float[newLimit];
            rowIds = new long[newLimit];
        }
        limit = newLimit;
        size = 0;
    }

    public int size() {
        return size;
    }

    /** Whether a hit of that score could be kept. */
    public boolean admits(float score) {
        return size < limit || score >= scores[0];
    }

    /** Keeps the hit if it is among the best so far. */
    public void offer(float score, long rowId) {
        if (size < limit) {
            siftUp(size++, score, rowId);
        } else if (worse(scores[0], rowIds[0], score, rowId)) {
            siftDown(score, rowId);
        }
    }

    /** Moves the hits, best first, into arrays of {@link #size} elements, and is empty then. */
    public void drain(long[] intoRowIds, float[] intoScores) {
        for (int i = size - 1; i >= 0; i--) {
            intoRowIds[i] = rowIds[0];
            intoScores[i] = scores[0];
            size--;
            if (size > 0) {
                siftDown(scores[size], rowIds[size]);
            }
        }
    }

    private static boolean worse(float score, long rowId, float otherScore, long otherRowId) {
        return score < otherScore || (score == otherScore && rowId > otherRowId);
    }

    private void siftUp(int from, float score, long rowId) {
        int i = from;
        while (i > 0) {
            int parent = (i - 1) >>> 1;
            if (!worse(score, rowId, scores[parent], rowIds[parent])) {
                break;
            }
            scores[i] = scores[parent];
            rowIds[i] = rowIds[parent];
            i = parent;
        }
        scores[i] = score;
        rowIds[i] = rowId;
    }

    private void siftDown(float score, long rowId) {
        int i = 0;
        while (true) {
            int child = 2 * i + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && worse(scores[child + 1], rowIds[child + 1], scores[child], rowIds[child])) {
                child++;
            }
            if (!worse(scores[child], rowIds[child], score, rowId)) {
                break;
            }
            scores[i] = scores[child];
            rowIds[i] = rowIds[child];
            i = child;
        }
        scores[i] = score;
        rowIds[i] = rowId;
    }
}
