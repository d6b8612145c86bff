package com.akidb.embedding;

/**
 * How texts are put together for one backend call.
 *
 * @param maxTexts most texts in a call, at least 1
 * @param maxTokens most tokens in a call, padding included, at least 1; a single longer text still goes alone
 * @param maxPadding most tokens by which a text may be padded to the length of the longest in its call; 0 lets only
 *     texts of equal length share one
 */
public record BatchPolicy(int maxTexts, int maxTokens, int maxPadding) {

    public BatchPolicy {
        if (maxTexts < 1 || maxTokens < 1 || maxPadding < 0) {
            throw new IllegalArgumentException("A batch needs room for a text: " + maxTexts + " texts, " + maxTokens
                    + " tokens, " + maxPadding + " padding");
        }
    }

    /** The same with at most so many texts in a call. */
    public BatchPolicy withAtMostTexts(int limit) {
        return new BatchPolicy(Math.min(maxTexts, limit), maxTokens, maxPadding);
    }
}
