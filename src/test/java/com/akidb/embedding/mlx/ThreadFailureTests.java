package com.akidb.embedding.mlx;

class ThreadFailureTests extends WorkerFailureContract {

    ThreadFailureTests() {
        super(Isolation.THREAD);
    }
}
