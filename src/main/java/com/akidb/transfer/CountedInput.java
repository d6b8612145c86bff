package com.akidb.transfer;

import java.io.FilterInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that counts what was read of it. */
final class CountedInput extends FilterInputStream {

    private final long size;
    private long read;

    CountedInput(Path file) throws IOException {
        super(Files.newInputStream(file));
        this.size = Files.size(file);
    }

    @Override
    public int read() throws IOException {
        int next = super.read();
        read += next < 0 ? 0 : 1;
        return next;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        int count = super.read(bytes, from, length);
        read += Math.max(count, 0);
        return count;
    }

    double progress() {
        return size == 0 ? 1 : (double) read / size;
    }
}
