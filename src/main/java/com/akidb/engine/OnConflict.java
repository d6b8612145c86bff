package com.akidb.engine;

/** What an insert does with a row whose primary key exists. */
public enum OnConflict {
    /** The whole write fails with a ConflictException that names the key. */
    ERROR,
    /** The new row takes the old one's place. */
    REPLACE,
    /** The old row stays. */
    IGNORE
}
