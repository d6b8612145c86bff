package com.akidb.engine.embedded.index.filter;

/** Whether a value satisfies a condition. Not shared between threads: tests may keep what they found out. */
@FunctionalInterface
interface ValueTest {
    boolean passes(byte kind, long payload);
}
