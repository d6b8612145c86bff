package com.akidb.embedding.mlx;

class ContextMemoryTests extends WorkerMemoryContract {

    ContextMemoryTests() {
        super(Isolation.CONTEXT);
    }
}
