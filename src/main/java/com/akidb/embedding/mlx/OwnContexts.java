package com.akidb.embedding.mlx;

import java.util.Set;
import java.util.function.Function;
import org.graalvm.polyglot.PolyglotException;

/** A Python of its own for each worker. */
final class OwnContexts implements PythonSource {

    private final Function<Boolean, PythonInterpreter> interpreters;

    /** @param interpreters start a Python, isolated or not */
    OwnContexts(Function<Boolean, PythonInterpreter> interpreters) {
        this.interpreters = interpreters;
    }

    @Override
    public PythonModel open(ModelCode model) {
        PythonInterpreter python = interpreters.apply(true);
        try {
            return new PythonObject(python, model.make(python), new Home(python, Set.of(Thread.currentThread())));
        } catch (PolyglotException e) {
            PythonFailure failure = PythonInterpreter.failure(e);
            python.close();
            throw failure;
        }
    }

    @Override
    public void close() {
        // Each worker has closed its own.
    }

    private record Home(PythonInterpreter python, Set<Thread> threads) implements PythonObject.Home {

        @Override
        public void left(PythonObject object) {
            object.release();
            python.close();
        }

        @Override
        public void abandoned() {
            // It is nobody else's, and its own thread closes it, if it ever comes back.
        }
    }
}
