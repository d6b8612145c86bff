package com.akidb.embedding.mlx;

import java.time.Duration;

/** A model that is loaded in Python. All methods but {@link #refuseMore},
 * {@link #interrupt} and {@link #abandon} belong to its worker's thread. */
interface PythonModel {

    /**
     * Runs a call.
     *
     * @return float32 in the order of this machine's bytes, one vector after the other
     * @throws PythonFailure if Python raised or died
     */
    byte[] run(PythonCall call);

    /** Bytes of all of MLX's arrays in this process; 0 if a user's package does without MLX. */
    long activeMemory();

    /** Frees the model. */
    void close();

    /** Has MLX raise an exception whenever the worker's thread asks it for something from now on. Returns at once. */
    void refuseMore();

    /**
     * Ends the Python code that runs.
     *
     * @return false if it went on for all that time, so it is not in Python but in native code
     */
    boolean interrupt(Duration patience);

    /** Says that this Python is not to be used for other models any more; returns at once. */
    void abandon();
}
