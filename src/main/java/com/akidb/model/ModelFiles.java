package com.akidb.model;

import java.nio.file.Path;

/**
 * A model's files, complete and verified on this machine's disk.
 *
 * @param model the weights, such as {@code model.onnx}; external data files lie beside it
 * @param tokenizer the {@code tokenizer.json}
 * @param fingerprint SHA-256, in hex, over the contents of weights and tokenizer: equal fingerprints give equal vectors
 */
public record ModelFiles(Path model, Path tokenizer, String fingerprint) {}
