package com.akidb.model;

/** Where a model's files come from. */
public sealed interface ModelSource {

    /** Path of the weights in there; for {@code mlx} always {@code model.safetensors}, also when they are split. */
    String model();

    /** Path of the tokenizer in there. */
    String tokenizer();

    /** Files inside an artifact on the class path. */
    record ClassPath(String model, String tokenizer) implements ModelSource {}

    /** A directory on this machine; {@code model} and {@code tokenizer} are file names in it. */
    record LocalDirectory(String directory, String model, String tokenizer) implements ModelSource {}

    /** A repository of the Hugging Face hub at a revision; downloaded when first needed, if that is allowed. */
    record Hub(String repository, String revision, String model, String tokenizer) implements ModelSource {}
}
