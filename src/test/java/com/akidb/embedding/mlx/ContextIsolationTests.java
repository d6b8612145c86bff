package com.akidb.embedding.mlx;

class ContextIsolationTests extends MlxBackendContract {

    ContextIsolationTests() {
        super(Isolation.CONTEXT);
    }
}
