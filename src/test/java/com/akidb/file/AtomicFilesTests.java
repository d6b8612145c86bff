package com.akidb.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTests {

    @TempDir
    private Path directory;

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(path -> path.getFileName().toString()).toList();
        }
    }

    @Test
    void replacesAFileAndLeavesNothingBeside() throws IOException {
        Path file = directory.resolve("state.json");
        AtomicFiles.write(file, "one");
        AtomicFiles.write(file, "two");
        assertThat(file).hasContent("two");
        assertThat(names()).containsExactly("state.json");
    }

    @Test
    void makesTheDirectoryOfAFile() throws IOException {
        Path file = directory.resolve("a/b/state.json");
        AtomicFiles.write(file, "one");
        assertThat(file).hasContent("one");
    }

    @Test
    void aFileThatTheLastLookObjectsToStaysAsItIs() throws IOException {
        Path file = directory.resolve("keys.json");
        AtomicFiles.writePrivately(file, "one");
        assertThatThrownBy(() -> AtomicFiles.writePrivately(file, "two", () -> {
                    throw new IOException("the lock was lost");
                }))
                .hasMessage("the lock was lost");
        assertThat(file).hasContent("one");
        assertThat(names()).containsExactly("keys.json");
    }

    @Test
    void aPrivateFileBelongsToItsOwnerAlone() throws IOException {
        Path file = directory.resolve("keys.json");
        AtomicFiles.writePrivately(file, "secret");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void publishesWhatWasWrittenElsewhere() throws IOException {
        Path part = Files.writeString(directory.resolve("rows.csv.part"), "a,b");
        Path file = Files.writeString(directory.resolve("rows.csv"), "old");
        AtomicFiles.publish(part, file);
        assertThat(file).hasContent("a,b");
        assertThat(names()).containsExactly("rows.csv");
    }
}
