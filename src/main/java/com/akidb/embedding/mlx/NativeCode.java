package com.akidb.embedding.mlx;

/**
 * Where native code of Python's modules runs. Its calls back into Python cannot carry an interrupt through native frames:
 * GraalPy ends the process then. So nothing may be interrupted that has such frames on its stack.
 */
final class NativeCode {

    private static final String EXTENSIONS = "com.oracle.graal.python.builtins.objects.cext.";

    /** A thread that each Python with native modules has: it mostly sleeps, and calls nothing that calls back. */
    private static final String MEMORY_WATCH = EXTENSIONS + "capi.CApiContext$BackgroundGCTask";

    private NativeCode() {}

    static boolean isRunBy(Thread thread) {
        return isOn(thread.getStackTrace());
    }

    private static boolean isOn(StackTraceElement[] stack) {
        for (StackTraceElement frame : stack) {
            String name = frame.getClassName();
            if (name.startsWith(EXTENSIONS) && !name.startsWith(MEMORY_WATCH)) {
                return true;
            }
        }
        return false;
    }
}
