package com.akidb.engine.embedded.store;

/** Counts what a store does. Called by many threads. */
public interface CommitObserver {

    /**
     * A group of writes was committed.
     *
     * @param writes that shared the commit
     * @param written rows
     * @param deleted rows, replaced ones included
     * @param nanos from the first statement until it was durable and applied to the indexes
     */
    void committed(int writes, long written, long deleted, long nanos);

    /** A write failed, for whatever reason. */
    void failed();

    /** A write found no room in the queue. */
    void refused();
}
