package com.akidb.embedding.mlx;

class ThreadMemoryTests extends WorkerMemoryContract {

    ThreadMemoryTests() {
        super(Isolation.THREAD);
    }
}
