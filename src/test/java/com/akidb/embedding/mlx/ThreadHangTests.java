package com.akidb.embedding.mlx;

class ThreadHangTests extends WorkerHangContract {

    ThreadHangTests() {
        super(Isolation.THREAD);
    }
}
