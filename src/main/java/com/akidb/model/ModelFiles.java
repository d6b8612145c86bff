package com.akidb.model;

import java.nio.file.Path;

/**
 * A model's files, complete and verified on this machine's disk.
 *
 * @param model what the backend opens. For {@code onnx} the weights, such as {@code model.onnx}, beside which external data
 *     files lie; for {@code mlx} the directory with {@code config.json}, {@code model.safetensors} (or the shards that
 *     {@code model.safetensors.index.json} names) and the folders of dense layers that {@code modules.json} lists
 * @param tokenizer the {@code tokenizer.json}
 * @param fingerprint SHA-256, in hex, over the contents of weights, configuration and tokenizer: equal fingerprints give
 *     equal vectors
 * @param weightBytes size of the weights, which take about as much memory when they are loaded
 * @param replacedWhole whether a file that changes is replaced by another one and never written in place, as in AkiDB's own
 *     cache, so that weights can be used where they lie
 */
public record ModelFiles(Path model, Path tokenizer, String fingerprint, long weightBytes, boolean replacedWhole) {

    /** Files of which nobody knows who writes to them. */
    public ModelFiles(Path model, Path tokenizer, String fingerprint, long weightBytes) {
        this(model, tokenizer, fingerprint, weightBytes, false);
    }

    /** The same files, in a cache that replaces them whole. */
    public ModelFiles inCache() {
        return new ModelFiles(model, tokenizer, fingerprint, weightBytes, true);
    }

    /** Those of a model that runs elsewhere: none, and paths that lead nowhere. */
    public static ModelFiles none(String fingerprint) {
        return new ModelFiles(Path.of(""), Path.of(""), fingerprint, 0);
    }
}
