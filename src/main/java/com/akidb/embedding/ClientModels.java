package com.akidb.embedding;

import com.akidb.model.ModelSpec;
import com.akidb.model.ModelVariants.Precision;
import com.akidb.model.ModelVariants.Variant;
import java.nio.file.Path;
import java.util.List;

/**
 * Models of the kind {@code onnx} for clients that embed by themselves, such as a browser without a network: with the model's own file
 * they make this server's vectors, with a smaller variant vectors very near to them. All methods block. Safe for many threads.
 */
public interface ClientModels {

    /**
     * A model as clients can have it.
     *
     * @param fingerprint as {@link EmbeddingManager#fingerprint} tells it
     * @param variants those whose vectors are near enough, the largest first
     */
    record ClientModel(ModelSpec spec, String fingerprint, Tokenizer tokenizer, List<Variant> variants) {}

    /**
     * A model's {@code tokenizer.json}.
     *
     * @param bytes its size
     * @param tag names this very file
     */
    record Tokenizer(Path file, long bytes, String tag) {}

    /**
     * The model with all its variants. It is loaded, and they are made, if need be: that takes some seconds.
     *
     * @param model id or alias
     * @throws com.akidb.error.InvalidInputException for a name that is not registered
     * @throws com.akidb.error.NotFoundException for a model that clients cannot run
     */
    ClientModel model(String model);

    /**
     * One variant, made now if need be.
     *
     * @throws com.akidb.error.NotFoundException if it is not offered
     */
    Variant variant(String model, Precision precision);

    /** The model's tokenizer. */
    Tokenizer tokenizer(String model);
}
