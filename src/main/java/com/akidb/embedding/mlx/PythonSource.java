package com.akidb.embedding.mlx;

/** Where workers get a loaded model from: the two isolations. */
interface PythonSource extends AutoCloseable {

    /**
     * Loads a model, or shares one that is loaded. Called on the worker's thread.
     *
     * @throws PythonFailure if it cannot be loaded
     */
    PythonModel open(ModelCode model);

    /** Ends all Python; call when no model is open any more. */
    @Override
    void close();
}
