package com.akidb.embedding.tokens;

/**
 * A text as the model sees it.
 *
 * @param ids token ids, special tokens included, not padded
 * @param truncated whether the text had more tokens than the model takes
 */
public record Tokens(int[] ids, boolean truncated) {}
