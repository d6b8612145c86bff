package com.akidb.embedding;

/**
 * A text's vector, as the cache holds it.
 *
 * @param vector cut and scaled as asked for; never to be changed
 * @param tokens how many tokens the model was fed
 * @param truncated whether the text was longer than the model takes
 */
record EmbeddedText(float[] vector, int tokens, boolean truncated) {}
