package com.akidb.embedding;

/**
 * What a {@link TextBackend} made of a batch.
 *
 * @param vectors one per text, in order
 * @param tokens how many tokens each text was, in order
 */
public record TextVectors(float[][] vectors, int[] tokens) {

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
