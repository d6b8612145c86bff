package com.akidb.embedding;

/** Who waits for a vector. */
public enum Urgency {
    /** Somebody waits for the answer. */
    INTERACTIVE,
    /**
     * Nobody waits at once: the texts go behind all interactive ones, and while there are any they leave one worker of
     * several free. They are dropped, not worked off, when the server stops.
     */
    BACKGROUND
}
