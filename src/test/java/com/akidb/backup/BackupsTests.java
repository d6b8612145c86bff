package com.akidb.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The schedule of backups, at times that the test sets. */
class BackupsTests {

    private static final Backup.Contents BARE = new Backup.Contents(false, false);

    @TempDir
    private Path data;

    private Instant now = Instant.parse("2026-11-25T10:00:00Z");

    @BeforeEach
    void fill() {
        Shelf.fill(data, "one");
    }

    private Backups backups(int keep) {
        return new Backups(data, new BackupProperties(null, Duration.ofHours(24), keep, false, false), () -> now);
    }

    @Test
    void makesOneWhenItIsDueAlsoAfterARestartAndKeepsTheYoungest() {
        try (Backups backups = backups(2)) {
            backups.makeIfDue();
            backups.makeIfDue();
            assertThat(backups.list()).extracting(Backup::name).containsExactly("scheduled-20261125T100000Z");
            backups.start("by-hand", BARE);
            Awaitility.await().until(() -> backups.get("by-hand").state() == Backup.State.COMPLETE);
        }
        for (int day = 0; day < 3; day++) {
            try (Backups backups = backups(2)) {
                now = now.plus(Duration.ofHours(23));
                backups.makeIfDue();
                now = now.plus(Duration.ofHours(1));
                backups.makeIfDue();
            }
        }
        try (Backups backups = backups(2)) {
            assertThat(backups.list())
                    .extracting(Backup::name)
                    .containsExactly("scheduled-20261128T100000Z", "scheduled-20261127T100000Z", "by-hand");
            assertThat(backups.youngest()).isEqualTo(now.getEpochSecond());
        }
    }

    @Test
    void saysWhyOneFailedAndTriesAgainLater() throws Exception {
        Path database = data.resolve("akidb.db");
        byte[] whole = Files.readAllBytes(database);
        Files.write(database, new byte[whole.length]);
        try (Backups backups = backups(2)) {
            backups.makeIfDue();
            assertThat(backups.failures()).isOne();
            assertThat(backups.list()).singleElement().satisfies(failed -> {
                assertThat(failed.state()).isEqualTo(Backup.State.FAILED);
                assertThat(failed.error()).isNotBlank();
            });
            Files.write(database, whole);
            now = now.plus(Duration.ofMinutes(10));
            backups.makeIfDue();
            assertThat(backups.youngest()).isZero();
            now = now.plus(Duration.ofHours(3));
            backups.makeIfDue();
            assertThat(backups.youngest()).isEqualTo(now.getEpochSecond());
        }
    }
}
