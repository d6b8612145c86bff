package com.akidb.embedding.onnx;

import com.akidb.embedding.EmbeddingBackend;
import com.akidb.embedding.EmbeddingBackendFactory;
import com.akidb.model.ModelFiles;
import com.akidb.model.ModelSpec;

/** Opens models of kind {@code onnx}. */
public final class OnnxBackendFactory implements EmbeddingBackendFactory {

    private final OnnxProperties settings;

    public OnnxBackendFactory(OnnxProperties settings) {
        this.settings = settings;
    }

    @Override
    public String kind() {
        return "onnx";
    }

    @Override
    public EmbeddingBackend open(ModelSpec spec, ModelFiles files) {
        return new OnnxBackend(OnnxModel.open(files.model(), spec.id(), spec.dimension()), settings, spec.maxTokens());
    }
}
