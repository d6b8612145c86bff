package com.akidb.model;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;

/** The files of models that are being downloaded now, and how far they are. Safe for many threads. */
public final class Downloads {

    private final Set<Part> parts = ConcurrentHashMap.newKeySet();

    /** One file, until it is closed. */
    public final class Part implements AutoCloseable {

        private final long size;
        private volatile long bytes;

        private Part(long size) {
            this.size = size;
        }

        /** Notes that so many bytes of it are here. */
        public void at(long here) {
            bytes = here;
        }

        @Override
        public void close() {
            parts.remove(this);
        }
    }

    /**
     * Begins a file.
     *
     * @param size in bytes; negative if it is not known
     */
    public Part begin(long size) {
        Part part = new Part(Math.max(0, size));
        parts.add(part);
        return part;
    }

    /** Bytes of these files that are here. */
    public long bytes() {
        return sum(part -> part.bytes);
    }

    /** Bytes that these files have; 0 if none is being downloaded. */
    public long size() {
        return sum(part -> part.size);
    }

    private long sum(ToLongFunction<Part> of) {
        return parts.stream().mapToLong(of).sum();
    }
}
