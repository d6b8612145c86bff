package com.akidb.engine.embedded.file;

import com.akidb.file.PrivateFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;

/**
 * A file without use but for the room that it takes: when the disk is full it is deleted, so that there is some to delete
 * rows with. It holds random bytes, which no file system compresses. For one thread.
 */
public final class Reserve {

    public static final String FILE = "akidb.reserve";

    private static final int BLOCK_BYTES = 1 << 18;

    private final Path directory;
    private final Path file;
    private long bytes;

    /** @param directory of the database */
    public Reserve(Path directory) {
        this.directory = directory;
        this.file = directory.resolve(FILE);
        this.bytes = file.toFile().length();
    }

    /** How long it is. */
    public long bytes() {
        return bytes;
    }

    /**
     * Makes it longer, unless the disk would be left with less than four times as much room as it takes.
     *
     * @param wanted its length afterwards, in bytes
     * @throws IOException if it cannot be written; then it is as long as it was
     */
    public void grow(long wanted) throws IOException {
        if (directory.toFile().getUsableSpace() / 5 < wanted - bytes) {
            return;
        }
        PrivateFiles.file(file);
        byte[] block = new byte[BLOCK_BYTES];
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            try {
                for (long at = bytes; at < wanted; ) {
                    new SplittableRandom(at).nextBytes(block);
                    ByteBuffer some = ByteBuffer.wrap(block, 0, (int) Math.min(block.length, wanted - at));
                    while (some.hasRemaining()) {
                        at += channel.write(some, at);
                    }
                }
                channel.force(true);
            } catch (IOException e) {
                channel.truncate(bytes);
                throw e;
            }
        }
        bytes = wanted;
    }

    /** Gives the room back to the disk; whether there was any. */
    public boolean release() throws IOException {
        bytes = 0;
        return Files.deleteIfExists(file);
    }
}
