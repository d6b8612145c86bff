package com.akidb.embedding;

/**
 * How texts are put together for one backend call.
 *
 * @param maxTexts most texts in a call
 * @param maxTokens most tokens in a call, padding included; a single longer text still goes alone
 * @param equalLengths whether only texts of one length may share a call
 */
public record BatchPolicy(int maxTexts, int maxTokens, boolean equalLengths) {}
