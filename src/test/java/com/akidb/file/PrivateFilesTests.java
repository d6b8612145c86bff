package com.akidb.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files for their owner alone. */
class PrivateFilesTests {

    @TempDir
    private Path parent;

    private static String mode(Path place) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(place));
    }

    private static Path open(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "x");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        return file;
    }

    @Test
    void takesADirectoryAndItsOwnEntriesAwayFromEverybodyElse() throws IOException {
        Path data = parent.resolve("data");
        Path database = open(data.resolve("akidb.db"));
        Path log = open(data.resolve("akidb.db-wal"));
        Path inside = open(data.resolve("indexes/t/graph"));
        Path foreign = open(data.resolve("notes.txt"));

        PrivateFiles.directory(data, Set.of("akidb.db", "indexes"));

        assertThat(mode(data)).isEqualTo("rwx------");
        assertThat(mode(database)).isEqualTo("rw-------");
        assertThat(mode(log)).isEqualTo("rw-------");
        assertThat(mode(inside)).isEqualTo("rw-------");
        assertThat(mode(data.resolve("indexes/t"))).isEqualTo("rwx------");
        assertThat(mode(foreign)).as("what is not the server's stays as it is").isEqualTo("rw-r--r--");
    }

    @Test
    void makesADirectoryThatIsMissing() throws IOException {
        Path data = parent.resolve("new/data");

        PrivateFiles.directory(data, Set.of());

        assertThat(mode(data)).isEqualTo("rwx------");
    }

    @Test
    void givesWhatAnAdministratorMakesToTheOwnerOfItsDirectory() throws IOException {
        Path data = Files.createDirectories(parent.resolve("data"));
        try {
            Files.setAttribute(data, "unix:uid", 10_001);
        } catch (IOException notAllowed) {
            // Others than administrators cannot give a directory away, so that there is nothing to see.
            return;
        }

        AtomicFiles.createPrivateDirectory(data.resolve("security"));
        AtomicFiles.writePrivately(data.resolve("security/keys.json"), "{}");

        assertThat(Files.getAttribute(data.resolve("security"), "unix:uid")).isEqualTo(10_001);
        assertThat(Files.getAttribute(data.resolve("security/keys.json"), "unix:uid"))
                .isEqualTo(10_001);
        assertThat(mode(data.resolve("security/keys.json"))).isEqualTo("rw-------");
    }
}
