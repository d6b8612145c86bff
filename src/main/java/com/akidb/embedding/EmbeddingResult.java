package com.akidb.embedding;

import java.util.List;

/**
 * The vectors of a request.
 *
 * @param vectors one per text, in order, each {@code dimension} long; shared with the cache, never to be changed
 * @param model registry id of the model that did the work
 * @param dimension length of each vector
 * @param totalTokens tokens fed to the model, special tokens included; never below the number of texts
 * @param durationMillis from entry to result: queueing and inference
 * @param truncated indexes of the texts that were cut to the model's length
 * @param cached for each text, whether its vector came from the cache
 */
public record EmbeddingResult(
        List<float[]> vectors,
        String model,
        int dimension,
        long totalTokens,
        long durationMillis,
        List<Integer> truncated,
        List<Boolean> cached) {}
