package com.akidb.embedding.mlx;

import com.akidb.embedding.mlx.PythonModel.PythonCall;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
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

        /** The workers' threads that are in it now. */
        Set<Thread> threads();
    }

    /** Where native code of Python's modules runs, as stack traces name it. */
    private static final String EXTENSIONS = "com.oracle.graal.python.builtins.objects.cext.";

    private final PythonInterpreter python;
    private final Value object;
    private final Value activeMemory;
    private final Home home;
    /** The address of the flag of the worker's thread, 0 while a user's package has not imported MLX. */
    private volatile long stopFlag;

    /** Takes an object over, on the thread that will use it. */
    PythonObject(PythonInterpreter python, Value object, Home home) {
        this.python = python;
        this.object = object;
        this.home = home;
        activeMemory = python.activeMemory();
        findStopFlag();
    }

    private void findStopFlag() {
        if (stopFlag == 0) {
            stopFlag = python.stopFlag().execute().asLong();
        }
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
            findStopFlag();
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
    public void refuseMore() {
        long address = stopFlag;
        if (address != 0) {
            MemorySegment flag = MemorySegment.ofAddress(address).reinterpret(ValueLayout.JAVA_INT.byteSize());
            ValueLayout.JAVA_INT.varHandle().setVolatile(flag, 0L, 1);
        }
    }

    @Override
    public boolean interrupt(Duration patience) {
        return python.interrupt(patience);
    }

    @Override
    public boolean isInNativeCode() {
        return home.threads().stream().anyMatch(PythonObject::runsNativeCode);
    }

    /**
     * Native code's calls back into Python cannot carry an interrupt through native frames: GraalPy ends the process then. So
     * nothing may be interrupted that has such frames on its stack.
     */
    private static boolean runsNativeCode(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getClassName().startsWith(EXTENSIONS));
    }

    @Override
    public void abandon() {
        home.abandoned();
    }
}
