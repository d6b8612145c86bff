package com.akidb.engine.embedded.index.snapshot;

import com.akidb.error.CorruptDataException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;

/** Reads a stretch of a file from its beginning to its end, big-endian, through a small buffer. For one thread. */
public final class SectionInput {

    private static final int BUFFER_BYTES = 1 << 16;

    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
    private final long end;

    /** The place in the file of the byte behind those in the buffer. */
    private long next;

    SectionInput(FileChannel channel, long from, long length) {
        this.channel = channel;
        this.next = from;
        this.end = from + length;
    }

    /** Bytes that are left. */
    public long remaining() {
        return end - position();
    }

    /** The place in the file of the byte that is read next. */
    long position() {
        return next - buffer.remaining();
    }

    /** The bytes that follow, as many as are at hand; empty at the end. They count as read. */
    ByteBuffer readSome() throws IOException {
        if (!buffer.hasRemaining() && next < end) {
            fill(1);
        }
        ByteBuffer some = buffer.slice();
        buffer.position(buffer.limit());
        return some;
    }

    public int readInt() throws IOException {
        require(Integer.BYTES);
        return buffer.getInt();
    }

    public long readLong() throws IOException {
        require(Long.BYTES);
        return buffer.getLong();
    }

    public float readFloat() throws IOException {
        require(Float.BYTES);
        return buffer.getFloat();
    }

    /**
     * How many things follow.
     *
     * @param bytesEach bytes that each of them takes at least
     * @throws CorruptDataException if there are fewer bytes
     */
    public int readCount(int bytesEach) throws IOException {
        int count = readInt();
        if (count < 0 || count > remaining() / bytesEach) {
            throw new CorruptDataException("The snapshot counts more than it holds");
        }
        return count;
    }

    /** Text in UTF-8 behind its length in two bytes. */
    String readText() throws IOException {
        require(Short.BYTES);
        byte[] text = new byte[buffer.getShort() & 0xFFFF];
        for (int done = 0; done < text.length; ) {
            require(1);
            int some = Math.min(text.length - done, buffer.remaining());
            buffer.get(text, done, some);
            done += some;
        }
        return new String(text, StandardCharsets.UTF_8);
    }

    /** Passes over bytes, at most those that are left. */
    void skip(long bytes) {
        if (bytes <= buffer.remaining()) {
            buffer.position(buffer.position() + (int) bytes);
        } else {
            next = Math.min(end, position() + bytes);
            buffer.limit(0);
        }
    }

    private void require(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            fill(bytes);
        }
    }

    private void fill(int least) throws IOException {
        if (remaining() < least) {
            throw new EOFException("The section of the snapshot ends too early");
        }
        buffer.compact();
        buffer.limit((int) Math.min(buffer.capacity(), buffer.position() + (end - next)));
        while (buffer.position() < least) {
            int read = channel.read(buffer, next);
            if (read < 0) {
                throw new EOFException("The snapshot was cut while it was read");
            }
            next += read;
        }
        buffer.flip();
    }
}
