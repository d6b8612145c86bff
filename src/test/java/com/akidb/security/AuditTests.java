package com.akidb.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.error.ErrorCode;
import com.akidb.security.audit.AuditFile;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.json.JsonMapper;

/** The log of who changed what. */
class AuditTests {

    private static final Caller CALLER = new Caller("k3f9x2ab", "ingest", Set.of(Scope.WRITE));

    @TempDir
    private Path directory;

    private static AuditEntry entry(String target) {
        return new AuditEntry(Instant.parse("2026-11-25T10:00:00Z"), CALLER, "r-1", "POST /rows", target, 3L, "201");
    }

    @Test
    void keepsALineBeforeItSaysSo() throws IOException {
        try (Audit audit = TestGates.audit(directory, 1 << 20)) {
            audit.write(entry("a \"name\"\nof two lines")).join();

            String text = Files.readString(directory.resolve("audit.log"));
            assertThat(text).endsWith("\n");
            assertThat(text.strip().lines()).hasSize(1);
            assertThat(JsonMapper.shared().readTree(text))
                    .isEqualTo(JsonMapper.shared().readTree("""
                        {"time": "2026-11-25T10:00:00Z", "request_id": "r-1", "key_id": "k3f9x2ab", "key": "ingest",
                         "operation": "POST /rows", "target": "a \\"name\\"\\nof two lines", "items": 3, "outcome": "201"}
                        """));
            assertThat(audit.failures()).isZero();
        }
    }

    @Test
    void showsItsNewestWholeLinesFirstAlsoThoseOfClosedFiles() throws IOException {
        try (Audit audit = TestGates.audit(directory, 2_000)) {
            int lines = 0;
            // The size is looked at every so often, so lines are written until it was often enough.
            while (!Files.exists(directory.resolve("audit.1.log"))) {
                audit.write(entry("line " + lines++)).join();
            }
            audit.write(entry("line " + lines)).join();
            Files.writeString(directory.resolve("audit.log"), "{\"torn", StandardOpenOption.APPEND);

            List<String> expected = new ArrayList<>();
            int inBoth = Files.readAllLines(directory.resolve("audit.log")).size() + 1;
            for (int back = 0; back < inBoth; back++) {
                expected.add("line " + (lines - back));
            }
            assertThat(audit.newest(inBoth))
                    .map(line ->
                            JsonMapper.shared().readTree(line).path("target").asString())
                    .isEqualTo(expected);
            assertThat(audit.newest(1)).hasSize(1);
            assertThat(audit.newestRefused(10)).isEmpty();
        }
    }

    @Test
    void keepsRefusalsWhereTheyPushNothingElseOut() throws IOException {
        try (Audit audit = TestGates.audit(directory, 2_000)) {
            audit.write(entry("kept")).join();
            InetSocketAddress from = new InetSocketAddress("192.0.2.7", 4711);
            // The size is looked at every so often, so lines are written until it was often enough.
            while (!Files.exists(directory.resolve("refused.2.log"))) {
                audit.refused(entry("wanted"), ErrorCode.FORBIDDEN, from);
            }
            // What waits is written first, or the last line might find no room behind it.
            audit.write(entry("settled")).join();
            audit.refused(entry("last"), ErrorCode.FORBIDDEN, from);
        }
        assertThat(Files.readString(directory.resolve("audit.log")))
                .contains("kept")
                .doesNotContain("wanted");
        assertThat(JsonMapper.shared()
                        .readTree(Files.readAllLines(directory.resolve("refused.log"))
                                .getLast()))
                .isEqualTo(JsonMapper.shared().readTree("""
                    {"time": "2026-11-25T10:00:00Z", "request_id": "r-1", "key_id": "k3f9x2ab", "key": "ingest",
                     "operation": "POST /rows", "target": "last", "items": 3, "outcome": "201", "code": "FORBIDDEN",
                     "address": "192.0.2.7"}
                    """));
    }

    @Test
    void makesNothingWhenItIsOff() {
        try (Audit audit = new Audit(
                () -> false,
                new AuditFile(directory, "audit", 1 << 20, 2),
                new AuditFile(directory, "refused", 1 << 20, 2))) {
            audit.write(entry("a")).join();
            audit.refused(entry("a"), ErrorCode.FORBIDDEN, null);
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void goesOnInTheSameFileAfterARestart() throws IOException {
        for (int i = 0; i < 2; i++) {
            try (Audit audit = TestGates.audit(directory, 1 << 20)) {
                audit.write(entry("a")).join();
            }
        }
        assertThat(Files.readAllLines(directory.resolve("audit.log"))).hasSize(2);
    }

    @Test
    void keepsNoMoreFilesThanItMay() throws IOException {
        try (Audit audit = TestGates.audit(directory, 2_000)) {
            // The size is looked at every so often, so lines are written until it was often enough.
            while (!Files.exists(directory.resolve("audit.2.log"))) {
                List<CompletableFuture<Void>> written = new ArrayList<>();
                for (int i = 0; i < 100; i++) {
                    written.add(audit.write(entry("a")));
                }
                written.forEach(CompletableFuture::join);
            }
            while (Files.size(directory.resolve("audit.log")) > 2_000) {
                audit.write(entry("a")).join();
            }
        }
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("audit.log", "audit.1.log", "audit.2.log");
        }
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void tellsTheServersOwnLogWhatItCannotWriteAndGoesOnWhenItCan(CapturedOutput output) throws IOException {
        Path full = Path.of("/dev/full");
        Path file = directory.resolve("audit.log");
        Files.createSymbolicLink(file, full);
        try (Audit audit = TestGates.audit(directory, 1 << 20)) {
            audit.write(entry("lost")).join();
            audit.write(entry("lost-too")).join();

            assertThat(audit.failures()).isEqualTo(2);
            assertThat(output.getOut())
                    .contains("No space left on device")
                    .contains("lost")
                    .contains("lost-too");

            Files.delete(file);
            audit.write(entry("kept")).join();
            assertThat(Files.readString(file)).contains("kept").doesNotContain("lost");
            assertThat(audit.failures()).isEqualTo(2);
        }
    }
}
