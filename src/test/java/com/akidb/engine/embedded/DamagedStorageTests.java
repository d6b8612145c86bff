package com.akidb.engine.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.engine.Fixtures;
import com.akidb.engine.Mutation;
import com.akidb.engine.OnConflict;
import com.akidb.engine.Table;
import com.akidb.error.CorruptDataException;
import com.akidb.error.UnavailableException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts on data directories that are damaged, foreign, too new or in use. */
class DamagedStorageTests {

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("akidb.db");
    }

    @Test
    void refusesADatabaseOfANewerVersionAndLeavesItAsItIs() throws Exception {
        fill(10);
        sql("PRAGMA user_version=99");
        byte[] before = Files.readAllBytes(file());
        assertThatThrownBy(() -> Engines.open(directory))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining("newer AkiDB")
                .hasMessageContaining("99");
        assertThat(Files.readAllBytes(file())).isEqualTo(before);
        sql("PRAGMA user_version=5");
        Engines.open(directory).close();
    }

    @Test
    void refusesADatabaseOfAnotherProgramAndLeavesItAsItIs() throws Exception {
        sql("CREATE TABLE theirs (x)");
        byte[] before = Files.readAllBytes(file());
        assertThatThrownBy(() -> Engines.open(directory))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining("not one of AkiDB's");
        assertThat(Files.readAllBytes(file())).isEqualTo(before);
    }

    @Test
    void refusesAFileThatIsNoDatabase() throws IOException {
        byte[] garbage = new byte[100_000];
        new Random(7).nextBytes(garbage);
        Files.write(file(), garbage);
        assertDamaged();
        assertThat(Files.readAllBytes(file())).isEqualTo(garbage);
    }

    @Test
    void refusesADatabaseThatWasCutShort() throws IOException {
        fill(500);
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() / 2);
        }
        assertDamaged();
    }

    @Test
    void refusesADatabaseWhosePagesWereOverwritten() throws IOException {
        fill(500);
        byte[] garbage = new byte[8192];
        new Random(7).nextBytes(garbage);
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            for (long page = 2; page * 8192 < channel.size(); page += 2) {
                channel.write(ByteBuffer.wrap(garbage), page * 8192);
            }
        }
        assertDamaged();
    }

    @Test
    void startsAnewWhereAnEmptyFileLies() throws IOException {
        Files.createFile(file());
        fill(1);
        assertThat(Files.size(file())).isPositive();
    }

    @Test
    void saysWhoHoldsTheDirectoryToASecondEngine() {
        try (EmbeddedTableEngine first = Engines.open(directory)) {
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> Engines.open(directory))
                        .isInstanceOf(UnavailableException.class)
                        .hasMessageContaining("is in use by process "
                                + ProcessHandle.current().pid() + " since 20");
            }
            assertThat(first.tables()).isEmpty();
        }
        Engines.open(directory).close();
    }

    @Test
    void saysWhichOtherProcessHoldsTheDirectoryUntilItIsGone() throws Exception {
        Process other = CrashTests.victim(directory, 1);
        try (BufferedReader reader = other.errorReader()) {
            String line = reader.readLine();
            while (!line.endsWith("ready")) {
                line = reader.readLine();
            }
            assertThatThrownBy(() -> Engines.open(directory))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("process " + other.pid() + " since");
            other.toHandle().destroyForcibly();
            other.waitFor();
        }
        Engines.open(directory).close();
    }

    private void assertDamaged() {
        assertThatThrownBy(() -> Engines.open(directory))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining(file() + " is damaged")
                .hasMessageContaining("backup");
    }

    private void fill(int rows) {
        try (EmbeddedTableEngine engine = Engines.open(directory)) {
            Table table = engine.create(Fixtures.documents("t"));
            List<List<@Nullable Object>> documents = new ArrayList<>();
            for (int i = 0; i < rows; i++) {
                documents.add(Fixtures.document("k" + i, "text ".repeat(100), 1, i));
            }
            Fixtures.done(engine.write(table.id(), new Mutation.Insert(documents, OnConflict.ERROR)));
        }
    }

    private void sql(String statement) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement execution = connection.createStatement()) {
            execution.execute(statement);
        }
    }
}
