package com.akidb.engine.embedded.index;

/** Comparing every row in full precision. */
class ExactIndexTests extends VectorIndexContract {

    @Override
    IndexProperties properties() {
        return IndexProperties.defaults();
    }

    @Override
    String plan() {
        return "exact";
    }

    @Override
    int rows() {
        return 1_500;
    }
}
