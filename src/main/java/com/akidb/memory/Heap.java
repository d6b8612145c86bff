package com.akidb.memory;

/** The heap that the process may grow to, of which every budget is a share unless a setting says a size. */
public final class Heap {

    private static final long LARGEST_PAGE = 16L << 20;
    private static final long SMALLEST_PAGE = 1L << 20;

    private Heap() {}

    /** Bytes that it may grow to. */
    public static long bytes() {
        return Runtime.getRuntime().maxMemory();
    }

    /** An eighth of it, within bounds; in bytes. */
    public static long eighth(long least, long most) {
        return Math.clamp(bytes() / 8, least, most);
    }

    /** Bytes of rows that one answer has before it ends early: 16 MB, and less of a heap under 512 MB. */
    public static long page() {
        return Math.clamp(bytes() / 32, SMALLEST_PAGE, LARGEST_PAGE);
    }
}
