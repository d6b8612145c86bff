package com.akidb.embedding.onnx;

import com.akidb.embedding.EmbeddingBackend.TokenBackend;
import com.akidb.embedding.EmbeddingBackendContract;
import com.akidb.embedding.RealModel;
import com.akidb.model.ModelSpec;

class OnnxBackendTests extends EmbeddingBackendContract {

    @Override
    protected TokenBackend open() {
        ModelSpec spec = RealModel.registry().defaultModel();
        return new OnnxBackendFactory(settings()).open(spec, RealModel.loader().load(spec));
    }

    OnnxProperties settings() {
        return new OnnxProperties(2, 1, 128, 8);
    }

    @Override
    protected int dimension() {
        return 384;
    }

    @Override
    protected int vocabulary() {
        return 30_000;
    }
}
