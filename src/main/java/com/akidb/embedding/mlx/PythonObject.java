package com.akidb.embedding.mlx;

import java.time.Duration;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Value;

/** A model as an object in one Python, for one worker. */
final class PythonObject implements PythonModel {

    /** What becomes of the Python that the object lives in. */
    interface Home {

        /** The worker has let go of it, on its own thread. */
        void left(PythonObject object);

        /** It must not be given to others any more. */
        void abandoned();
    }

    private final PythonInterpreter python;
    private final Value object;
    private final Value activeMemory;
    private final Home home;

    PythonObject(PythonInterpreter python, Value object, Home home) {
        this.python = python;
        this.object = object;
        this.home = home;
        activeMemory = python.activeMemory();
    }

    @Override
    public byte[] run(PythonCall call) {
        try {
            Value bytes = call.of(object);
            byte[] copy = new byte[Math.toIntExact(bytes.getBufferSize())];
            bytes.readBuffer(0, copy, 0, copy.length);
            return copy;
        } catch (PolyglotException e) {
            throw PythonInterpreter.failure(e);
        } catch (IllegalStateException e) {
            throw new PythonFailure(PythonFailure.Kind.DIED, "Python has ended", e);
        }
    }

    @Override
    public long activeMemory() {
        try {
            return activeMemory.execute().asLong();
        } catch (PolyglotException | IllegalStateException e) {
            return 0;
        }
    }

    @Override
    public void close() {
        home.left(this);
    }

    /** Lets the object free what it holds, if it is one that can. */
    void release() {
        try {
            if (object.canInvokeMember("close")) {
                object.invokeMember("close");
            }
        } catch (PolyglotException | IllegalStateException e) {
            // It is the last thing asked of it, and Python itself is closed next.
        }
    }

    @Override
    public boolean interrupt(Duration patience) {
        return python.interrupt(patience);
    }

    @Override
    public void abandon() {
        home.abandoned();
    }
}
