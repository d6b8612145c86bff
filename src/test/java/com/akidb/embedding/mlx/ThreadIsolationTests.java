package com.akidb.embedding.mlx;

class ThreadIsolationTests extends MlxBackendContract {

    ThreadIsolationTests() {
        super(Isolation.THREAD);
    }
}
