package com.akidb.engine.embedded.index.filter;

/** Whether a value satisfies a condition. Not shared between threads: tests may keep what they found out. */
@FunctionalInterface
interface ValueTest {

    /** Values that {@link #word} looks at. */
    int WORD = Long.SIZE;

    boolean passes(byte kind, long payload);

    /**
     * The same for 64 values at once, lowest bit first.
     *
     * @param from index of the first; all 64 are in the arrays
     */
    default long word(byte[] kinds, long[] payloads, int from) {
        long word = 0;
        for (int i = 0; i < WORD; i++) {
            if (passes(kinds[from + i], payloads[from + i])) {
                word |= 1L << i;
            }
        }
        return word;
    }
}
