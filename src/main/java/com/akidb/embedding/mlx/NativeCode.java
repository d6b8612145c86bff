package com.akidb.embedding.mlx;

/**
 * Where native code of Python's modules runs. Its calls back into Python cannot carry an interrupt through native frames:
 * GraalPy ends the process then. So nothing may be interrupted that has such frames on its stack.
 */
final class NativeCode {

    private static final String EXTENSIONS = "com.oracle.graal.python.builtins.objects.cext.";

    private NativeCode() {}

    static boolean isRunBy(Thread thread) {
        return isOn(thread.getStackTrace());
    }

    static boolean isRunAnywhere() {
        return Thread.getAllStackTraces().values().stream().anyMatch(NativeCode::isOn);
    }

    private static boolean isOn(StackTraceElement[] stack) {
        for (StackTraceElement frame : stack) {
            if (frame.getClassName().startsWith(EXTENSIONS)) {
                return true;
            }
        }
        return false;
    }
}
