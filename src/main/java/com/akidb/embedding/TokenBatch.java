package com.akidb.embedding;

import com.akidb.model.Pooling;
import java.util.List;

/**
 * What one backend call gets.
 *
 * @param rows token ids per text, special tokens included, not padded; at least one row, no row empty
 * @param pooling how each row becomes one vector
 */
public record TokenBatch(List<int[]> rows, Pooling pooling) {

    /** Length of the longest row. */
    public int longest() {
        int longest = 0;
        for (int[] row : rows) {
            longest = Math.max(longest, row.length);
        }
        return longest;
    }
}
