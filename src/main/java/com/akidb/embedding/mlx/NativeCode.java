package com.akidb.embedding.mlx;

import java.util.Arrays;

/**
 * Where native code of Python's modules runs. Its calls back into Python cannot carry an interrupt through native frames:
 * GraalPy ends the process then. So nothing may be interrupted that has such frames on its stack.
 */
final class NativeCode {

    private static final String EXTENSIONS = "com.oracle.graal.python.builtins.objects.cext.";

    private NativeCode() {}

    static boolean isRunBy(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getClassName().startsWith(EXTENSIONS));
    }
}
