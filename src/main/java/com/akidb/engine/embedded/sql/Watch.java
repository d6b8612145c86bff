package com.akidb.engine.embedded.sql;

import java.util.function.BooleanSupplier;
import org.sqlite.ProgressHandler;

/** Ends a select whose time is over or that nobody waits for any more. SQLite asks it every so many instructions. */
final class Watch extends ProgressHandler {

    /** About a tenth of a millisecond's work. */
    static final int INSTRUCTIONS = 10_000;

    private final long deadline;
    private final BooleanSupplier cancelled;

    Watch(long deadline, BooleanSupplier cancelled) {
        this.deadline = deadline;
        this.cancelled = cancelled;
    }

    boolean isOver() {
        return System.nanoTime() - deadline >= 0 || cancelled.getAsBoolean();
    }

    @Override
    protected int progress() {
        return isOver() ? 1 : 0;
    }
}
