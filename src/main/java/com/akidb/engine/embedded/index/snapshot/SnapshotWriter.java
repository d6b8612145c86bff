package com.akidb.engine.embedded.index.snapshot;

import com.akidb.engine.embedded.index.rows.LiveBits;
import com.akidb.file.AtomicFiles;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;
import java.util.zip.CRC32C;

/**
 * Writes a snapshot section by section, each as it comes and of any length, with a list of the sections and their
 * checksums behind them. docs/file-format-snapshots.md describes each field; {@link TableSnapshot} reads them.
 */
public final class SnapshotWriter {

    static final int MAGIC = 0x414B4958;
    static final int FORMAT = 3;
    static final int ORDINALS = 1;
    static final int STRUCTURE = 2;

    private static final int BUFFER_BYTES = 1 << 16;

    private final WritableByteChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private final CRC32C checksum = new CRC32C();
    private final List<Section> sections = new ArrayList<>();
    private long written;

    private record Section(int kind, long length, int checksum) {}

    /** What is in a snapshot. */
    public interface Content {
        /** Writes it; false if it cannot be had now. */
        boolean writeTo(SnapshotWriter writer) throws IOException;
    }

    /** What is in a section. */
    public interface Body {
        /** Writes it; false if it cannot be had now. */
        boolean writeTo(DataOutputStream out) throws IOException;
    }

    private SnapshotWriter(WritableByteChannel channel) {
        this.channel = channel;
    }

    /**
     * Writes to a new file, brings it to the disk, and gives it its name. When this fails, a file of that name stays as it
     * was.
     *
     * @return false if the content could not be had
     */
    public static boolean write(Path file, Content content) throws IOException {
        Path fresh = AtomicFiles.directoryOf(file).resolve(file.getFileName() + ".new");
        try {
            boolean whole;
            try (FileChannel channel = FileChannel.open(
                    fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                whole = write(channel, content);
            }
            if (whole) {
                AtomicFiles.publish(fresh, file);
            }
            return whole;
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** Writes to a channel, which may take fewer bytes at a time than it is offered. */
    static boolean write(WritableByteChannel channel, Content content) throws IOException {
        SnapshotWriter writer = new SnapshotWriter(channel);
        writer.buffer.putInt(MAGIC).putInt(FORMAT);
        if (!content.writeTo(writer)) {
            return false;
        }
        writer.finish();
        return true;
    }

    /**
     * Writes which row each ordinal stands for.
     *
     * @param version commit that the snapshot is taken at
     * @param rowId the row of each ordinal; {@link TableSnapshot#DEAD} if it has none
     */
    public void ordinals(long version, int count, IntToLongFunction rowId) throws IOException {
        section(ORDINALS, out -> {
            out.writeLong(version);
            out.writeInt(count);
            for (int ordinal = 0; ordinal < count; ordinal++) {
                out.writeLong(rowId.applyAsLong(ordinal));
            }
            return true;
        });
    }

    /**
     * Writes what an index searches in.
     *
     * @param body the structure in its own form
     * @return false if it cannot be had now; then the snapshot must be given up
     */
    public boolean structure(TableSnapshot.Description description, Body body) throws IOException {
        return section(STRUCTURE, out -> {
            LiveBits members = description.members();
            out.writeLong(description.columnId());
            writeText(out, description.index());
            writeText(out, description.shape());
            out.writeInt(members.size());
            for (int i = 0; i < members.wordCount(); i++) {
                out.writeLong(members.word(i));
            }
            return body.writeTo(out);
        });
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeShort(bytes.length);
        out.write(bytes);
    }

    private boolean section(int kind, Body body) throws IOException {
        flush();
        checksum.reset();
        long from = written;
        boolean had = body.writeTo(new DataOutputStream(new Sink()));
        flush();
        sections.add(new Section(kind, written - from, (int) checksum.getValue()));
        return had;
    }

    private void finish() throws IOException {
        flush();
        long footer = written;
        checksum.reset();
        DataOutputStream out = new DataOutputStream(new Sink());
        out.writeInt(sections.size());
        for (Section section : sections) {
            out.writeInt(section.kind());
            out.writeLong(section.length());
            out.writeInt(section.checksum());
        }
        out.writeLong(footer);
        flush();
        buffer.putInt((int) checksum.getValue()).putInt(MAGIC);
        flush();
    }

    private void flush() throws IOException {
        buffer.flip();
        checksum.update(buffer.duplicate());
        while (buffer.hasRemaining()) {
            written += channel.write(buffer);
        }
        buffer.clear();
    }

    private final class Sink extends OutputStream {
        @Override
        public void write(int value) throws IOException {
            if (!buffer.hasRemaining()) {
                SnapshotWriter.this.flush();
            }
            buffer.put((byte) value);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            for (int done = 0; done < length; ) {
                if (!buffer.hasRemaining()) {
                    SnapshotWriter.this.flush();
                }
                int some = Math.min(buffer.remaining(), length - done);
                buffer.put(bytes, offset + done, some);
                done += some;
            }
        }
    }
}
