package com.akidb.memory;

/**
 * What a part of the server may take of the heap, as the start tells it.
 *
 * @param name what takes it, as in "request bodies"
 * @param bytes at most
 */
public record MemoryUse(String name, long bytes) {}
