package com.akidb.embedding.mlx;

import com.akidb.error.AkidbException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The first call of a model's workers, which shows whether they give what the registry says. */
final class TrialCall {

    private static final Logger log = LoggerFactory.getLogger(TrialCall.class);

    private TrialCall() {}

    /**
     * Has a worker make one vector.
     *
     * @throws AkidbException if it fails, or the vector has another dimension
     */
    static void run(String model, WorkerPool pool, PythonCall call, int dimension) {
        byte[] vector;
        try {
            vector = pool.call(call);
        } catch (PythonFailure e) {
            log.error("The first call of model {} failed", model, e);
            throw LoadingFailure.of(model, e);
        }
        try {
            WorkerVectors.requireDimension(vector, 1, dimension);
        } catch (IllegalStateException e) {
            throw LoadingFailure.unusable(model, String.valueOf(e.getMessage()));
        }
    }
}
