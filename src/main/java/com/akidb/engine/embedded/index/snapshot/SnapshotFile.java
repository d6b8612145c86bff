package com.akidb.engine.embedded.index.snapshot;

import com.akidb.engine.embedded.index.rows.LiveBits;
import com.akidb.engine.embedded.index.snapshot.TableSnapshot.Structure;
import com.akidb.error.CorruptDataException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Writes and reads snapshots: the magic number {@code AKIX}, the format's version, the length and the CRC-32C of the
 * payload, then the payload. All numbers are big-endian. docs/file-format-snapshots.md describes each field.
 */
public final class SnapshotFile {

    private static final int MAGIC = 0x414B4958;
    private static final int FORMAT = 2;
    private static final int HEADER_BYTES = 20;

    private SnapshotFile() {}

    /** Writes to a new file, brings it to the disk, and gives it its name. */
    public static void write(Path file, TableSnapshot snapshot) throws IOException {
        byte[] payload = payload(snapshot);
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        header.putInt(MAGIC).putInt(FORMAT).putLong(payload.length).putInt(checksum(payload));
        Path parent = Files.createDirectories(file.toAbsolutePath().getParent());
        Path fresh = parent.resolve(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            writeAll(channel, header.flip());
            writeAll(channel, ByteBuffer.wrap(payload));
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * Reads a file whose length, version and checksum are right.
     *
     * @throws CorruptDataException if they are not
     */
    public static TableSnapshot read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer header = ByteBuffer.wrap(bytes);
        if (bytes.length < HEADER_BYTES || header.getInt() != MAGIC || header.getInt() != FORMAT) {
            throw new CorruptDataException("Not a snapshot of this version");
        }
        long length = header.getLong();
        int checksum = header.getInt();
        if (length != bytes.length - HEADER_BYTES) {
            throw new CorruptDataException("The snapshot is cut");
        }
        CRC32C crc = new CRC32C();
        crc.update(bytes, HEADER_BYTES, (int) length);
        if ((int) crc.getValue() != checksum) {
            throw new CorruptDataException("The snapshot's checksum is wrong");
        }
        return parse(new DataInputStream(new ByteArrayInputStream(bytes, HEADER_BYTES, (int) length)));
    }

    private static byte[] payload(TableSnapshot snapshot) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeLong(snapshot.version());
        out.writeInt(snapshot.rowIds().length);
        for (long rowId : snapshot.rowIds()) {
            out.writeLong(rowId);
        }
        out.writeInt(snapshot.structures().size());
        for (Structure structure : snapshot.structures()) {
            out.writeLong(structure.columnId());
            out.writeUTF(structure.index());
            out.writeUTF(structure.shape());
            out.writeInt(structure.members().size());
            for (int i = 0; i < structure.members().wordCount(); i++) {
                out.writeLong(structure.members().word(i));
            }
            out.writeInt(structure.bytes().length);
            out.write(structure.bytes());
        }
        return bytes.toByteArray();
    }

    private static TableSnapshot parse(DataInputStream in) throws IOException {
        long version = in.readLong();
        long[] rowIds = new long[in.readInt()];
        for (int i = 0; i < rowIds.length; i++) {
            rowIds[i] = in.readLong();
        }
        List<Structure> structures = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            long columnId = in.readLong();
            String index = in.readUTF();
            String shape = in.readUTF();
            LiveBits members = members(in);
            structures.add(new Structure(columnId, index, shape, members, in.readNBytes(in.readInt())));
        }
        return new TableSnapshot(version, rowIds, List.copyOf(structures));
    }

    private static LiveBits members(DataInputStream in) throws IOException {
        LiveBits.Editor members = new LiveBits.Editor(LiveBits.EMPTY);
        int size = in.readInt();
        members.growTo(size);
        for (int from = 0; from < size; from += Long.SIZE) {
            long word = in.readLong();
            for (; word != 0; word &= word - 1) {
                members.revive(from + Long.numberOfTrailingZeros(word));
            }
        }
        return members.finish();
    }

    private static int checksum(byte[] payload) {
        CRC32C crc = new CRC32C();
        crc.update(payload);
        return (int) crc.getValue();
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
