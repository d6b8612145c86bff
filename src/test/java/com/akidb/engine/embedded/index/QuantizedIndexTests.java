package com.akidb.engine.embedded.index;

/** Scanning one-bit codes and re-scoring the best candidates. */
class QuantizedIndexTests extends VectorIndexContract {

    @Override
    IndexProperties properties() {
        return IndexProperties.defaults();
    }

    @Override
    String plan() {
        return "quantized";
    }

    @Override
    int rows() {
        return 12_000;
    }
}
