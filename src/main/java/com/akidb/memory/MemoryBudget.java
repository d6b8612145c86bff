package com.akidb.memory;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory that many share. Whoever finds too little of it is refused at once; nobody waits. The last quarter is for those who
 * need little, so that a few large ones do not shut out all others. Safe for many threads.
 */
public final class MemoryBudget {

    /** Who holds no more than this with what it asks for needs little. */
    static final long LITTLE = 256L << 10;

    private final long most;
    private final long mostForLarge;
    private final AtomicLong held = new AtomicLong();

    /** @param most bytes that all may hold together */
    public MemoryBudget(long most) {
        this.most = most;
        this.mostForLarge = most - most / 4;
    }

    /**
     * Takes more memory, to be given back by {@link #release}. Who is alone may have all of it, and gets the first that it asks
     * for whatever its size, since trying again would not help it.
     *
     * @param own bytes that the asking one holds already
     * @param more bytes
     * @return whether there is so much
     */
    public boolean reserve(long own, long more) {
        while (true) {
            long before = held.get();
            if (!fits(before, own, more)) {
                return false;
            }
            if (held.compareAndSet(before, before + more)) {
                return true;
            }
        }
    }

    /** Whether who holds nothing yet would be given so much now. */
    public boolean hasRoomFor(long bytes) {
        return fits(held.get(), 0, bytes);
    }

    private boolean fits(long before, long own, long more) {
        boolean alone = before == own;
        long shared = own + more <= LITTLE ? most : mostForLarge;
        return before + more <= (alone ? most : shared) || alone && own == 0;
    }

    public void release(long less) {
        held.addAndGet(-less);
    }

    /** Bytes that are held. */
    public long held() {
        return held.get();
    }

    /** Bytes that all may hold together. */
    public long most() {
        return most;
    }
}
