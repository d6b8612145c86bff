package com.akidb.embedding.mlx;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Value;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Python. It is made, and closed, by one platform thread. It has an engine of its own: Pythons of one engine share syntax
 * trees, and GraalPy fills these in without care for another Python that runs them at the same time.
 */
final class PythonInterpreter {

    private static final String PYTHON = "python";

    /**
     * The first thread that imports threading becomes the main thread, which closing waits for: so this one does. Closing
     * also waits for threads that packages have started and never end, unless they are forgotten.
     */
    private static final String TOOLS = """
        import importlib, sys, threading

        def active_memory():
            core = sys.modules.get("mlx.core")
            return core.get_active_memory() if hasattr(core, "get_active_memory") else 0

        def stop_flag():
            core = sys.modules.get("mlx.core")
            return core._stop_flag() if hasattr(core, "_stop_flag") else 0

        def leave_threads():
            threading._shutdown_locks.clear()

        (importlib.import_module, active_memory, stop_flag, leave_threads)
        """;

    private final Context context;
    private final Value importModule;
    private final Value activeMemory;
    private final Value stopFlag;
    private final Value leaveThreads;

    /**
     * Starts it.
     *
     * @param path folders to import from
     * @param isolated whether its native modules are copies of its own, so that others may exist beside it
     */
    PythonInterpreter(List<Path> path, MlxEnvironment environment, boolean isolated) {
        OutputStream log = new PythonLog();
        context = Context.newBuilder(PYTHON)
                .allowAllAccess(true)
                .option("engine.WarnInterpreterOnly", "false")
                .environment("PATH", environment.executables())
                .option("python.PythonPath", path.stream().map(Path::toString).collect(Collectors.joining(":")))
                .option("python.IsolateNativeModules", Boolean.toString(isolated))
                .option("python.WarnExperimentalFeatures", "false")
                .out(log)
                .err(log)
                .build();
        try {
            Value tools = context.eval(PYTHON, TOOLS);
            importModule = tools.getArrayElement(0);
            activeMemory = tools.getArrayElement(1);
            stopFlag = tools.getArrayElement(2);
            leaveThreads = tools.getArrayElement(3);
        } catch (PolyglotException e) {
            context.close(true);
            throw failure(e);
        }
    }

    Value module(String name) {
        return importModule.execute(name);
    }

    /** Gives the bytes of all of MLX's arrays in this process, 0 while MLX is not imported. */
    Value activeMemory() {
        return activeMemory;
    }

    /** Gives the address of a 32-bit number that, once it is not 0, has MLX refuse this thread; 0 while MLX is not imported, or old. */
    Value stopFlag() {
        return stopFlag;
    }

    /** Ends whatever Python runs; false if it went on, in native code. */
    boolean interrupt(Duration patience) {
        try {
            context.interrupt(patience);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (IllegalStateException | PolyglotException e) {
            // It is closed, so nothing runs.
            return true;
        }
    }

    /** Ends it in order; threads that Python left behind are cut off. */
    void close() {
        try {
            leaveThreads.executeVoid();
            context.close();
        } catch (IllegalStateException | PolyglotException e) {
            context.close(true);
        }
    }

    /** What an exception of Python means for the worker. */
    static PythonFailure failure(PolyglotException e) {
        if (e.isExit()) {
            return new PythonFailure(
                    PythonFailure.Kind.DIED, "Python ended itself with exit code " + e.getExitStatus(), e);
        }
        String message = e.getMessage() == null ? "Python failed" : e.getMessage();
        boolean raised = e.isGuestException() && !e.isCancelled() && !e.isInterrupted() && !e.isResourceExhausted();
        return new PythonFailure(
                raised ? PythonFailure.Kind.RAISED : PythonFailure.Kind.DIED, raised ? type(e) : "", message, e);
    }

    private static String type(PolyglotException e) {
        Value exception = e.getGuestObject();
        Value type = exception == null ? null : exception.getMetaObject();
        return type == null ? "" : type.getMetaSimpleName();
    }

    /** What Python prints goes to the log, line by line. */
    private static final class PythonLog extends OutputStream {

        private static final Logger log = LoggerFactory.getLogger("com.akidb.python");

        /** Longer lines are cut into pieces, so that output without line ends needs no memory. */
        private static final int LONGEST = 4_096;

        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        @Override
        public synchronized void write(int value) {
            if (value == '\n' || line.size() >= LONGEST) {
                emit();
            }
            if (value != '\n' && value != '\r') {
                line.write(value);
            }
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            for (int i = offset; i < offset + length; i++) {
                write(bytes[i]);
            }
        }

        @Override
        public synchronized void close() {
            emit();
        }

        private void emit() {
            if (line.size() > 0) {
                log.info("{}", line.toString(StandardCharsets.UTF_8));
                line.reset();
            }
        }
    }
}
