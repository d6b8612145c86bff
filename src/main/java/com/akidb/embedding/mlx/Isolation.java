package com.akidb.embedding.mlx;

/** How workers are kept apart. */
public enum Isolation {

    /** Each worker has a Python of its own, with its own lock and its own copy of the weights. Linux only. */
    CONTEXT,

    /** The workers are threads of one Python and share the weights. */
    THREAD
}
