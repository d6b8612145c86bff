package com.akidb.embedding.onnx;

import com.akidb.embedding.EmbeddingBackend.TokenBackend;
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
    public TokenBackend open(ModelSpec spec, ModelFiles files) {
        OnnxModel model = open(spec, files, 1);
        try {
            OnnxModel wide = settings.idleThreads() > 1 ? open(spec, files, settings.idleThreads()) : model;
            return new OnnxBackend(model, wide, settings, spec.maxTokens());
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    private static OnnxModel open(ModelSpec spec, ModelFiles files, int threads) {
        return OnnxModel.open(files, spec.id(), spec.dimension(), threads);
    }
}
