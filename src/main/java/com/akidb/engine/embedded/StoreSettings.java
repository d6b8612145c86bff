package com.akidb.engine.embedded.store;

/**
 * Bounds of a store.
 *
 * @param queuedWrites most writes that wait, 1 or more
 * @param queuedBytes about the most memory of the writes that wait, in bytes; a write that comes to an empty queue is
 *     taken whatever its size
 * @param readers connections for reading, 1 or more; that many reads run at once
 * @param walBytes size of the write-ahead log from which it is written back to the database
 * @param changeLogRows deletions and updates of each table that the change log keeps, 1 or more
 */
public record StoreSettings(int queuedWrites, long queuedBytes, int readers, long walBytes, int changeLogRows) {

    /** What the server uses unless configured otherwise. */
    public static final StoreSettings DEFAULT = new StoreSettings(1_000, 128L << 20, 4, 32L << 20, 200_000);
}
