package com.akidb.engine;

/** Follows the commits of an engine; see {@link TableEngine#onCommit}. */
@FunctionalInterface
public interface CommitListener {

    /**
     * Told when a commit is durable and searches find it. Calls come one at a time, on a thread of the engine's, in the
     * order of the commits; those that happen during a call are told together by the next. A failure is logged and
     * changes nothing.
     */
    void committed(Commit commit);

    /** A listener that is being told; close ends that. */
    interface Registration extends AutoCloseable {

        /** After it returns, the listener is not called again; waits for a running call, unless called by it. */
        @Override
        void close();
    }
}
