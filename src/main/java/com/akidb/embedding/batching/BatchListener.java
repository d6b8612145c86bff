package com.akidb.embedding.batching;

/** Told about the work of a batcher, for metrics. Called by worker threads, must be quick. */
public interface BatchListener {

    /** A text left the queue for a backend call. */
    void waited(long nanos);

    /** A backend call begins. */
    void calling(int texts);
}
