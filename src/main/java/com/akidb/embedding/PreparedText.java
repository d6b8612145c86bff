package com.akidb.embedding;

/**
 * A text made ready for a model.
 *
 * @param text the text, prompt included; cut only for a model that takes texts
 * @param tokens its token ids; empty for a model that takes texts
 * @param length how many tokens it is, an estimate for a model that takes texts
 * @param truncated whether it was longer than the model takes
 */
record PreparedText(String text, int[] tokens, int length, boolean truncated) {}
