package com.akidb.engine.embedded.index.snapshot;

import com.akidb.engine.embedded.index.rows.LiveBits;
import com.akidb.error.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.zip.CRC32C;
import org.springframework.modulith.NamedInterface;

/**
 * A snapshot of a table that is open for reading and whole: nothing is parsed before the checksum of each of its sections
 * was found right. Structures are read when they are asked for, so that none is held in memory as bytes.
 */
@NamedInterface("storage")
public final class TableSnapshot implements AutoCloseable {

    /** Stands for an ordinal whose row is gone. */
    public static final long DEAD = -1;

    private static final int HEADER_BYTES = 8;
    private static final int SECTION_BYTES = 16;
    private static final int END_BYTES = 16;
    private static final int LEAST_BYTES = HEADER_BYTES + Integer.BYTES + END_BYTES;

    /** The format before sections: one length and one checksum for all of it. */
    private static final int FORMAT_2 = 2;

    private static final int FORMAT_2_HEADER_BYTES = 20;

    private final FileChannel channel;
    private final List<Structure> structures = new ArrayList<>();
    private long version;
    private long[] rowIds = new long[0];

    /**
     * What an index searches in, and for which index.
     *
     * @param columnId number of the column for life
     * @param index name of the index, at most 65,535 bytes; empty for the one that the column has by itself
     * @param shape what it was built like, in words; an index of another shape cannot use it
     * @param members ordinals that are in it
     */
    public record Description(long columnId, String index, String shape, LiveBits members) {}

    /** A structure and where in the file its own form is. */
    public record Structure(Description description, long from, long length) {}

    private TableSnapshot(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Opens a file whose format is known, whose length is right and whose checksums are all right. The caller closes it.
     *
     * @throws CorruptDataException if there is no such file of that name
     */
    public static TableSnapshot open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        TableSnapshot snapshot = new TableSnapshot(channel);
        try {
            snapshot.read();
            return snapshot;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private void read() throws IOException {
        long size = channel.size();
        SectionInput header = new SectionInput(channel, 0, size);
        if (size < LEAST_BYTES || header.readInt() != SnapshotWriter.MAGIC) {
            throw new CorruptDataException("Not a snapshot, or the beginning of one");
        }
        switch (header.readInt()) {
            case SnapshotWriter.FORMAT -> readSections(size);
            case FORMAT_2 -> readFormat2(header);
            default -> throw new CorruptDataException("Not a snapshot of a version that is known");
        }
    }

    private void readSections(long size) throws IOException {
        SectionInput end = new SectionInput(channel, size - END_BYTES, END_BYTES);
        long footer = end.readLong();
        int checksum = end.readInt();
        long footerBytes = size - END_BYTES - footer;
        if (end.readInt() != SnapshotWriter.MAGIC || footer < HEADER_BYTES || footerBytes < Integer.BYTES) {
            throw new CorruptDataException("The snapshot is cut");
        }
        requireChecksum(footer, footerBytes + Long.BYTES, checksum);
        SectionInput list = new SectionInput(channel, footer, footerBytes);
        long at = HEADER_BYTES;
        for (int left = list.readCount(SECTION_BYTES); left > 0; left--) {
            int kind = list.readInt();
            long length = list.readLong();
            int expected = list.readInt();
            if (length < 0 || length > footer - at) {
                throw new CorruptDataException("The snapshot lists sections that it has no room for");
            }
            requireChecksum(at, length, expected);
            readSection(kind, new SectionInput(channel, at, length));
            at += length;
        }
        if (at != footer) {
            throw new CorruptDataException("The snapshot has bytes that are in no section");
        }
    }

    private void readSection(int kind, SectionInput in) throws IOException {
        switch (kind) {
            case SnapshotWriter.ORDINALS -> readOrdinals(in);
            case SnapshotWriter.STRUCTURE -> {
                Description description = description(in);
                structures.add(new Structure(description, in.position(), in.remaining()));
            }
            default -> throw new CorruptDataException("The snapshot has a section of an unknown kind");
        }
    }

    private void readFormat2(SectionInput header) throws IOException {
        long length = header.readLong();
        int checksum = header.readInt();
        if (length != channel.size() - FORMAT_2_HEADER_BYTES) {
            throw new CorruptDataException("The snapshot is cut");
        }
        requireChecksum(FORMAT_2_HEADER_BYTES, length, checksum);
        SectionInput in = new SectionInput(channel, FORMAT_2_HEADER_BYTES, length);
        readOrdinals(in);
        for (int left = in.readInt(); left > 0; left--) {
            Description description = description(in);
            int bytes = in.readCount(1);
            structures.add(new Structure(description, in.position(), bytes));
            in.skip(bytes);
        }
    }

    private void readOrdinals(SectionInput in) throws IOException {
        version = in.readLong();
        rowIds = new long[in.readCount(Long.BYTES)];
        for (int i = 0; i < rowIds.length; i++) {
            rowIds[i] = in.readLong();
        }
    }

    private static Description description(SectionInput in) throws IOException {
        return new Description(in.readLong(), in.readText(), in.readText(), members(in));
    }

    private static LiveBits members(SectionInput in) throws IOException {
        LiveBits.Editor members = new LiveBits.Editor(LiveBits.EMPTY);
        int size = in.readInt();
        members.growTo(size);
        for (int from = 0; from < size; from += Long.SIZE) {
            for (long word = in.readLong(); word != 0; word &= word - 1) {
                members.revive(from + Long.numberOfTrailingZeros(word));
            }
        }
        return members.finish();
    }

    private void requireChecksum(long from, long length, int expected) throws IOException {
        CRC32C checksum = new CRC32C();
        SectionInput in = new SectionInput(channel, from, length);
        for (ByteBuffer some = in.readSome(); some.hasRemaining(); some = in.readSome()) {
            checksum.update(some);
        }
        if ((int) checksum.getValue() != expected) {
            throw new CorruptDataException("A checksum in the snapshot is wrong");
        }
    }

    /** Commit that it was taken at. */
    public long version() {
        return version;
    }

    /** The row of each ordinal; {@link #DEAD} if it has none. Not copied. */
    public long[] rowIds() {
        return rowIds;
    }

    /** Takes rows that changed since from their ordinals. */
    public void forget(LongPredicate rows) {
        for (int i = 0; i < rowIds.length; i++) {
            if (rows.test(rowIds[i])) {
                rowIds[i] = DEAD;
            }
        }
    }

    /** The structures of the indexes that have one. */
    public List<Structure> structures() {
        return List.copyOf(structures);
    }

    /** A structure in its own form. */
    public SectionInput read(Structure structure) {
        return new SectionInput(channel, structure.from(), structure.length());
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
