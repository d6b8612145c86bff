package com.akidb.embedding.mlx;

class ContextFailureTests extends WorkerFailureContract {

    ContextFailureTests() {
        super(Isolation.CONTEXT);
    }
}
