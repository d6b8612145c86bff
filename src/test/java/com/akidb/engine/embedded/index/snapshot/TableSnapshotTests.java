package com.akidb.engine.embedded.index.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.engine.embedded.index.rows.LiveBits;
import com.akidb.engine.embedded.index.snapshot.TableSnapshot.Description;
import com.akidb.engine.embedded.index.snapshot.TableSnapshot.Structure;
import com.akidb.error.CorruptDataException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableSnapshotTests {

    private static final int ROWS = 150;
    private static final int STRUCTURE_INTS = 50_000;

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("t.index");
    }

    private static Description description(String index) {
        LiveBits.Editor members = new LiveBits.Editor(LiveBits.EMPTY);
        members.growTo(ROWS);
        for (int ordinal = 0; ordinal < ROWS; ordinal += 3) {
            members.revive(ordinal);
        }
        return new Description(7, index, "384 cosine graph 32 100", members.finish());
    }

    /** Ordinals, a structure of several buffers, and a small one with a name beyond the Basic Multilingual Plane. */
    private static boolean content(SnapshotWriter writer) throws IOException {
        writer.ordinals(42, ROWS, ordinal -> ordinal % 5 == 0 ? TableSnapshot.DEAD : 1_000L * ordinal);
        return writer.structure(description(""), out -> {
                    for (int i = 0; i < STRUCTURE_INTS; i++) {
                        out.writeInt(i * i);
                    }
                    return true;
                })
                && writer.structure(description("über 🚀"), out -> {
                    out.writeFloat(1.5f);
                    return true;
                });
    }

    /** A few sections so short that every byte of the file can be tried. */
    private static boolean shortContent(SnapshotWriter writer) throws IOException {
        writer.ordinals(42, 3, ordinal -> ordinal);
        return writer.structure(description("short"), out -> {
                    out.writeLong(Long.MIN_VALUE);
                    return true;
                })
                && writer.structure(description("empty"), out -> true);
    }

    /** Takes a few bytes at a time, as a file system may, and none from a certain byte on. */
    private static final class Stingy implements WritableByteChannel {
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private final int most;
        private final int fullAt;

        Stingy(int most, int fullAt) {
            this.most = most;
            this.fullAt = fullAt;
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            byte[] some = new byte[Math.min(most, Math.min(source.remaining(), fullAt - taken.size()))];
            if (some.length == 0) {
                throw new IOException("No space left on device");
            }
            source.get(some);
            taken.writeBytes(some);
            return some.length;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    @Test
    void readsWhatWasWritten() throws IOException {
        assertThat(SnapshotWriter.write(file(), TableSnapshotTests::content)).isTrue();
        try (TableSnapshot snapshot = TableSnapshot.open(file())) {
            assertThat(snapshot.version()).isEqualTo(42);
            assertThat(snapshot.rowIds()).hasSize(ROWS).startsWith(-1, 1_000, 2_000);
            List<Structure> structures = snapshot.structures();
            assertThat(structures)
                    .extracting(structure -> structure.description().index())
                    .containsExactly("", "über 🚀");
            Description first = structures.getFirst().description();
            assertThat(first.columnId()).isEqualTo(7);
            assertThat(first.shape()).isEqualTo("384 cosine graph 32 100");
            assertThat(first.members().alive()).isEqualTo(ROWS / 3);
            assertThat(first.members().size()).isEqualTo(ROWS);
            assertThat(first.members().get(3)).isTrue();
            assertThat(first.members().get(4)).isFalse();
            SectionInput in = snapshot.read(structures.getFirst());
            for (int i = 0; i < STRUCTURE_INTS; i++) {
                assertThat(in.readInt()).isEqualTo(i * i);
            }
            assertThat(in.remaining()).isZero();
            assertThatThrownBy(in::readInt).isInstanceOf(IOException.class);
            assertThat(snapshot.read(structures.getLast()).readFloat()).isEqualTo(1.5f);
        }
    }

    @Test
    void writesTheSameBytesHoweverFewAreTakenAtATime() throws IOException {
        SnapshotWriter.write(file(), TableSnapshotTests::content);
        byte[] whole = Files.readAllBytes(file());
        for (int most : new int[] {1, 7, 4_096, 65_537}) {
            Stingy channel = new Stingy(most, Integer.MAX_VALUE);
            SnapshotWriter.write(channel, TableSnapshotTests::content);
            assertThat(channel.taken.toByteArray()).isEqualTo(whole);
        }
    }

    @Test
    void tellsOfADiskThatIsFullWhereverThatHappens() throws IOException {
        Stingy enough = new Stingy(Integer.MAX_VALUE, Integer.MAX_VALUE);
        SnapshotWriter.write(enough, TableSnapshotTests::content);
        int size = enough.taken.size();
        for (int fullAt : new int[] {0, 5, size / 3, size / 2, size - 20, size - 1}) {
            Stingy channel = new Stingy(10_000, fullAt);
            assertThatThrownBy(() -> SnapshotWriter.write(channel, TableSnapshotTests::content))
                    .isInstanceOf(IOException.class)
                    .hasMessage("No space left on device");
        }
    }

    @Test
    void leavesTheOldFileAloneWhenANewOneFailsOrIsGivenUp() throws IOException {
        SnapshotWriter.write(file(), TableSnapshotTests::content);
        byte[] whole = Files.readAllBytes(file());
        assertThatThrownBy(() -> SnapshotWriter.write(
                        file(),
                        writer -> writer.structure(description(""), out -> {
                            out.write(new byte[1_000_000]);
                            throw new IOException("broken");
                        })))
                .hasMessage("broken");
        assertThat(SnapshotWriter.write(
                        file(),
                        writer -> writer.structure(description(""), out -> {
                            out.write(new byte[1_000_000]);
                            return false;
                        })))
                .isFalse();
        assertThat(Files.readAllBytes(file())).isEqualTo(whole);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(file());
        }
    }

    @Test
    void refusesAFileThatIsCutAnywhere() throws IOException {
        SnapshotWriter.write(file(), TableSnapshotTests::shortContent);
        byte[] whole = Files.readAllBytes(file());
        for (int length = 0; length < whole.length; length++) {
            Files.write(file(), Arrays.copyOf(whole, length));
            isRefused("cut to " + length + " bytes of " + whole.length);
        }
    }

    @Test
    void refusesAFileWithOneBitWrongAnywhere() throws IOException {
        SnapshotWriter.write(file(), TableSnapshotTests::shortContent);
        byte[] whole = Files.readAllBytes(file());
        for (int at = 0; at < whole.length; at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] flipped = whole.clone();
                flipped[at] ^= (byte) (1 << bit);
                Files.write(file(), flipped);
                isRefused("bit " + bit + " of byte " + at);
            }
        }
    }

    @Test
    void refusesAFileThatGoesOn() throws IOException {
        SnapshotWriter.write(file(), TableSnapshotTests::shortContent);
        byte[] whole = Files.readAllBytes(file());
        Files.write(file(), Arrays.copyOf(whole, whole.length + 1));
        isRefused("with one more byte");
        byte[] twice = Arrays.copyOf(whole, 2 * whole.length);
        System.arraycopy(whole, 0, twice, whole.length, whole.length);
        Files.write(file(), twice);
        isRefused("twice");
    }

    private void isRefused(String how) {
        assertThatThrownBy(() -> TableSnapshot.open(file()).close()).as(how).isInstanceOf(CorruptDataException.class);
    }

    /** The zeros of a structure past 2 GiB take no room on the disk: the file has a hole there. */
    @Test
    void keepsAStructureOfMoreThanTwoGibibytes() throws IOException {
        long zeros = (1L << 31) + 12_345;
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            SnapshotWriter.write(new WithHoles(channel), writer -> {
                writer.ordinals(1, 1, ordinal -> 1);
                return writer.structure(description(""), out -> {
                    byte[] some = new byte[1 << 16];
                    for (long left = zeros; left > 0; left -= some.length) {
                        out.write(some, 0, (int) Math.min(left, some.length));
                    }
                    out.writeInt(4711);
                    return true;
                });
            });
        }
        try (TableSnapshot snapshot = TableSnapshot.open(file())) {
            Structure structure = snapshot.structures().getFirst();
            assertThat(structure.length()).isEqualTo(zeros + Integer.BYTES);
            SectionInput in = snapshot.read(structure);
            in.skip(zeros - Integer.BYTES);
            assertThat(in.readInt()).isZero();
            assertThat(in.readInt()).isEqualTo(4711);
            assertThat(in.remaining()).isZero();
        }
    }

    /** Passes over zeros instead of writing them. */
    private record WithHoles(FileChannel channel) implements WritableByteChannel {

        private static final ByteBuffer ZEROS = ByteBuffer.allocate(1 << 16);

        @Override
        public int write(ByteBuffer source) throws IOException {
            int length = source.remaining();
            if (source.mismatch(ZEROS.slice(0, length)) < 0) {
                source.position(source.limit());
                channel.position(channel.position() + length);
                return length;
            }
            return channel.write(source);
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
