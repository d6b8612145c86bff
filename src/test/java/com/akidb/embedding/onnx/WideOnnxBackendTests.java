package com.akidb.embedding.onnx;

class WideOnnxBackendTests extends OnnxBackendTests {

    @Override
    OnnxProperties settings() {
        return new OnnxProperties(2, 2, 64, 0);
    }
}
