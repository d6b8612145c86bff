package com.akidb.embedding.mlx;

class ContextHangTests extends WorkerHangContract {

    ContextHangTests() {
        super(Isolation.CONTEXT);
    }
}
