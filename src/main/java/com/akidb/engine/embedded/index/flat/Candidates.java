package com.akidb.engine.embedded.index.flat;

import java.util.Arrays;

/**
 * The ordinals with the best estimates so far. What beats {@link #floor} is put into a buffer of twice the limit; when
 * the buffer is full, the better half stays and the floor rises. Used again for the next search; for one thread at a
 * time.
 */
public final class Candidates {

    private float[] estimates = new float[0];
    private int[] ordinals = new int[0];
    private int limit;
    private int size;
    private float floor;

    /** Empties it and sets how many candidates it looks for, 1 or more. */
    public void reset(int newLimit) {
        if (estimates.length < 2 * newLimit) {
            estimates = new float[2 * newLimit];
            ordinals = new int[2 * newLimit];
        }
        limit = newLimit;
        size = 0;
        floor = Float.NEGATIVE_INFINITY;
    }

    /** Candidates must be above it. */
    float floor() {
        return floor;
    }

    /** Takes in a candidate that is above the floor. */
    void add(float estimate, int ordinal) {
        estimates[size] = estimate;
        ordinals[size] = ordinal;
        size++;
        if (size == 2 * limit) {
            keepBest();
        }
    }

    /** Ends the search: from now on there are at most as many candidates as were looked for, in no order. */
    public void finish() {
        if (size > limit) {
            keepBest();
        }
    }

    public int size() {
        return size;
    }

    public int ordinal(int index) {
        return ordinals[index];
    }

    /** Visits memory in its order when the candidates are read. */
    public void sortByOrdinal() {
        Arrays.sort(ordinals, 0, size);
    }

    /** Hoare's selection: moves the best ones to the front. */
    private void keepBest() {
        int low = 0;
        int high = size - 1;
        while (low < high) {
            float pivot = estimates[(low + high) >>> 1];
            int i = low;
            int j = high;
            while (i <= j) {
                while (estimates[i] > pivot) {
                    i++;
                }
                while (estimates[j] < pivot) {
                    j--;
                }
                if (i <= j) {
                    swap(i++, j--);
                }
            }
            if (limit - 1 <= j) {
                high = j;
            } else if (limit - 1 >= i) {
                low = i;
            } else {
                break;
            }
        }
        size = limit;
        float worst = Float.POSITIVE_INFINITY;
        for (int i = 0; i < limit; i++) {
            worst = Math.min(worst, estimates[i]);
        }
        floor = worst;
    }

    private void swap(int i, int j) {
        float estimate = estimates[i];
        estimates[i] = estimates[j];
        estimates[j] = estimate;
        int ordinal = ordinals[i];
        ordinals[i] = ordinals[j];
        ordinals[j] = ordinal;
    }
}
