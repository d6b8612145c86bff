package com.akidb.embedding;

import com.akidb.embedding.EmbeddingManager.WorkerCounts;
import com.akidb.model.Pooling;
import java.util.List;
import java.util.Optional;

/**
 * Runs one model: either over token ids ({@link TokenBackend}) or over texts ({@link TextBackend}). Implementations own
 * their threads and native memory. {@code encode} may be called from as many threads at once as {@link #parallelism}
 * says; results never depend on what else is in the batch beyond rounding (cosine 0.99999 or better).
 *
 * <p>An {@link com.akidb.error.AkidbException} that {@code encode} throws reaches the callers as it is; anything else
 * becomes {@code Batch embedding failed: ...}. After a {@link TextsFailedException} the batch is split and tried again, so that only
 * the texts at fault fail.
 */
public sealed interface EmbeddingBackend extends AutoCloseable {

    /** Runs the model once per shape that matters, so that the first caller does not pay for it. */
    void warmUp();

    /** How many calls of {@code encode} may run at once. */
    int parallelism();

    /** How texts should be combined into one call. */
    BatchPolicy batchPolicy();

    /** Why it cannot be used at the moment; empty if it can. */
    default Optional<String> trouble() {
        return Optional.empty();
    }

    /** How its workers are doing, for backends whose workers can die and are replaced. */
    default Optional<WorkerCounts> workers() {
        return Optional.empty();
    }

    @Override
    void close();

    /** A model that takes token ids; the host tokenises with the model's own {@code tokenizer.json}. */
    non-sealed interface TokenBackend extends EmbeddingBackend {

        /**
         * Runs the model.
         *
         * @return one pooled, not normalised vector per row of the batch, in order
         */
        float[][] encode(TokenBatch batch);
    }

    /**
     * What one backend call gets.
     *
     * @param rows token ids per text, special tokens included, not padded; at least one row, no row empty
     * @param pooling how each row becomes one vector
     */
    record TokenBatch(List<int[]> rows, Pooling pooling) {

        /** Length of the longest row. */
        public int longest() {
            int longest = 0;
            for (int[] row : rows) {
                longest = Math.max(longest, row.length);
            }
            return longest;
        }
    }

    /**
     * A model that takes texts and cuts them into tokens itself, such as one behind an API. No tokenizer is opened for it:
     * lengths are estimates ({@link TokenEstimate}), and texts are cut to the model's length by them.
     */
    non-sealed interface TextBackend extends EmbeddingBackend {

        /**
         * Runs the model.
         *
         * @return one vector per text of the batch, in order
         * @throws com.akidb.error.InvalidInputException if the model refuses one of the texts; each is then tried without
         *     the others, so that only those to blame fail
         */
        TextVectors encode(TextBatch batch);
    }

    /**
     * What one call of a {@link TextBackend} gets.
     *
     * @param texts prompts included, at most as long as the model takes by estimate; at least one
     * @param pooling how each text becomes one vector, for models that leave the choice
     */
    record TextBatch(List<String> texts, Pooling pooling) {

        public TextBatch {
            texts = List.copyOf(texts);
        }
    }

    /**
     * What a {@link TextBackend} made of a batch.
     *
     * @param vectors one per text, in order
     * @param tokens how many tokens each text was, in order
     */
    record TextVectors(float[][] vectors, int[] tokens) {

        public TextVectors {
            if (vectors.length != tokens.length) {
                throw new IllegalArgumentException(vectors.length + " vectors, " + tokens.length + " counts of tokens");
            }
        }

        /** For a model that says nothing about tokens: they are estimated. */
        public static TextVectors estimating(TextBatch batch, float[][] vectors) {
            int[] tokens = new int[vectors.length];
            for (int i = 0; i < tokens.length; i++) {
                tokens[i] = TokenEstimate.of(batch.texts().get(i));
            }
            return new TextVectors(vectors, tokens);
        }

        /**
         * For a model that counts the tokens of a call together: they are shared out by the lengths of the texts, at least
         * one each, so that the shares add up to the count.
         */
        public static TextVectors sharing(TextBatch batch, float[][] vectors, int total) {
            TextVectors estimated = estimating(batch, vectors);
            int[] tokens = estimated.tokens();
            long weight = 0;
            for (int estimate : tokens) {
                weight += estimate;
            }
            long weightBefore = 0;
            long sharedBefore = 0;
            long toShare = Math.max(0, (long) total - tokens.length);
            for (int i = 0; i < tokens.length; i++) {
                weightBefore += tokens[i];
                long shared = toShare * weightBefore / weight;
                tokens[i] = (int) (1 + shared - sharedBefore);
                sharedBefore = shared;
            }
            return estimated;
        }
    }

    /**
     * How texts are combined into one call of a backend.
     *
     * @param maxTexts most texts in a call, at least 1
     * @param maxTokens most tokens in a call, padding included, at least 1; a single longer text still goes alone
     * @param maxPadding most tokens by which a text may be padded to the length of the longest in its call; 0 lets only
     *     texts of equal length share one
     */
    record BatchPolicy(int maxTexts, int maxTokens, int maxPadding) {

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

    /**
     * The model failed on some of the texts that it was given together, and goes on. Which of them are to blame is found by giving it
     * fewer; those that fail alone get {@code Batch embedding failed: ...} with this message.
     */
    final class TextsFailedException extends RuntimeException {

        private static final long serialVersionUID = 1;

        /** @param message what is told to the caller */
        public TextsFailedException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
