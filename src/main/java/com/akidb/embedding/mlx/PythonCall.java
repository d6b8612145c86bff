package com.akidb.embedding.mlx;

import org.graalvm.polyglot.Value;

/** One call of a model: what is asked of the object in Python. */
interface PythonCall {

    /**
     * Asks the object.
     *
     * @return an object that offers its bytes
     */
    Value of(Value model);
}
