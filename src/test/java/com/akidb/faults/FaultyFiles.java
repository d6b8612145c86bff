package com.akidb.faults;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** Lets calls of the operating system that change files fail; for a process that was started with {@code LD_PRELOAD}. */
final class FaultyFiles {

    /** How a call fails. */
    enum Kind {
        IO_ERROR,
        NO_SPACE,
        /** A write takes half of its bytes, as it may; others fail with an I/O error. */
        SHORT_WRITE
    }

    private final MethodHandle arm;
    private final MethodHandle disarm;
    private final MethodHandle hit;

    /** @param library that is preloaded */
    FaultyFiles(Path library) {
        SymbolLookup symbols = SymbolLookup.libraryLookup(library, Arena.global());
        Linker linker = Linker.nativeLinker();
        this.arm = linker.downcallHandle(
                symbols.find("faults_arm").orElseThrow(),
                FunctionDescriptor.ofVoid(
                        ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        this.disarm = linker.downcallHandle(
                symbols.find("faults_disarm").orElseThrow(), FunctionDescriptor.of(ValueLayout.JAVA_LONG));
        this.hit = linker.downcallHandle(
                symbols.find("faults_hit").orElseThrow(), FunctionDescriptor.of(ValueLayout.JAVA_LONG));
    }

    /**
     * From now on the calls for files below a directory are counted, and one fails.
     *
     * @param at its number, from 1
     * @param forGood whether all after it fail too
     */
    void arm(Path directory, long at, Kind kind, boolean forGood) {
        try (Arena arena = Arena.ofConfined()) {
            arm.invokeExact(arena.allocateFrom(directory + "/"), at, kind.ordinal(), forGood ? 1 : 0);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends it; how many calls were counted. */
    long disarm() {
        return call(disarm);
    }

    /** How many calls failed since it was armed. */
    long hits() {
        return call(hit);
    }

    private static long call(MethodHandle function) {
        try {
            return (long) function.invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
