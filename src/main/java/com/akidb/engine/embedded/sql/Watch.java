package com.akidb.engine.embedded.sql;

import java.util.function.BooleanSupplier;
import org.sqlite.ProgressHandler;

/**
 * Ends the statements of a connection whose callers have given up. SQLite asks it every so many instructions, and the
 * functions that are written in Java ask it as well, since one of their calls may take as long as many instructions.
 */
public final class Watch extends ProgressHandler {

    /** About a hundredth of a millisecond's work, unless values are large. */
    static final int INSTRUCTIONS = 1_000;

    /** For statements that make texts, one of which may take as long as ten thousand other instructions. */
    static final int INSTRUCTIONS_WITH_TEXTS = 100;

    private static final BooleanSupplier NEVER = () -> false;

    private volatile BooleanSupplier isOver = NEVER;

    Watch() {}

    /** Watches from here on for whoever waits. */
    public void begin(BooleanSupplier isOver) {
        this.isOver = isOver;
    }

    /** Lets statements run to their end again, such as those that tidy up. */
    public void end() {
        isOver = NEVER;
    }

    /** Whether the caller has given up. */
    public boolean isOver() {
        return isOver.getAsBoolean();
    }

    @Override
    protected int progress() {
        return isOver() ? 1 : 0;
    }
}
