package com.akidb.embedding;

import com.akidb.model.ModelFiles;
import com.akidb.model.ModelSpec;
import java.util.Optional;

/** Opens models of one kind, such as {@code onnx}. Each kind is one bean. */
public interface EmbeddingBackendFactory {

    /** The kind, as the registry's {@code backend} names it. */
    String kind();

    /** Why this server cannot use a model now although it is registered, such as for want of a key; nothing if it can. */
    default Optional<String> refusal(ModelSpec spec) {
        return Optional.empty();
    }

    /**
     * What {@link #open} gets for a model whose code finds its own weights, so that the files that the registry names are neither
     * needed nor fetched; nothing if the model is made of them.
     */
    default Optional<ModelFiles> ownFiles(ModelSpec spec) {
        return Optional.empty();
    }

    /**
     * Opens a model. Blocks until it can be used; the caller closes it.
     *
     * @throws com.akidb.error.UnavailableException if a file is missing
     * @throws com.akidb.error.CorruptDataException if a file is damaged or is not such a model
     */
    EmbeddingBackend open(ModelSpec spec, ModelFiles files);
}
