package com.akidb.embedding.mlx;

import java.time.Duration;
import org.graalvm.polyglot.Value;

/** A model that is loaded in Python. All methods belong to its worker's thread, but those that end what the worker does. */
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

    /**
     * Has MLX raise an exception whenever the worker's thread evaluates arrays, makes them of Python's values, or calculates with
     * operators from now on. For any thread; returns at once.
     */
    void refuseMore();

    /** Whether native code runs on any thread of a worker that is in the same Python. For any thread. */
    boolean isInNativeCode();

    /**
     * Ends the Python code that runs, on all threads of this Python. For any thread.
     *
     * @return false if it went on for all that time, so it is not in Python but in native code
     */
    boolean interrupt(Duration patience);

    /** Says that this Python is not to be used for other models any more. For any thread; returns at once. */
    void abandon();

    /** One call of a model: what is asked of the object in Python. */
    interface PythonCall {

        /**
         * Asks the object.
         *
         * @return an object that offers its bytes
         */
        Value of(Value model);
    }
}
