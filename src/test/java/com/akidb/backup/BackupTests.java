package com.akidb.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.engine.Fixtures;
import com.akidb.engine.Table;
import com.akidb.engine.TableEngine;
import com.akidb.engine.embedded.Engines;
import com.akidb.error.ConflictException;
import com.akidb.error.CorruptDataException;
import com.akidb.error.NotFoundException;
import com.akidb.error.UnavailableException;
import com.akidb.security.ApiKeys;
import com.akidb.security.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups and restores of real data directories: under writers, damaged, killed. */
class BackupTests {

    private static final Backup.Contents ALL = new Backup.Contents(true, true);
    private static final Clock CLOCK = Clock.systemUTC();
    private static final int WRITERS = 3;
    private static final int WRITES_BETWEEN = 60;

    @TempDir
    private Path directory;

    private static Backup restore(Path backup, Path data, boolean replace) {
        return new Restore(backup, data, replace, CLOCK, step -> {}).run();
    }

    /** What was answered: this key has this text from that commit on. */
    private record Written(long version, String key, String text) {}

    @Test
    void isTheStateOfOneCommitHoweverManyWriteMeanwhile() throws Exception {
        Path data = directory.resolve("data");
        List<Backup> backups = new ArrayList<>();
        Queue<Written> written = new ConcurrentLinkedQueue<>();
        AtomicBoolean stop = new AtomicBoolean();
        List<CountDownLatch> enough = List.of(
                new CountDownLatch(WRITES_BETWEEN),
                new CountDownLatch(2 * WRITES_BETWEEN),
                new CountDownLatch(3 * WRITES_BETWEEN));
        try (TableEngine engine = Engines.open(data);
                ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
            Table table = engine.create(Fixtures.documents("shelf"));
            List<Future<?>> writers = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                int number = writer;
                writers.add(threads.submit(() -> {
                    Random random = new Random(number);
                    for (int i = 0; !stop.get(); i++) {
                        String key = "w" + number + "-" + random.nextInt(40);
                        String text = i + " " + "x".repeat(random.nextInt(3_000));
                        written.add(new Written(Shelf.put(engine, table, key, text), key, text));
                        enough.forEach(CountDownLatch::countDown);
                    }
                }));
            }
            for (CountDownLatch latch : enough) {
                latch.await();
                backups.add(
                        BackupDirectory.write(data, directory.resolve("b" + backups.size()), ALL, CLOCK, step -> {}));
            }
            stop.set(true);
            for (Future<?> writer : writers) {
                writer.get();
            }
        }
        assertThat(backups).extracting(Backup::commit).isSorted().doesNotHaveDuplicates();
        for (Backup backup : backups) {
            TreeMap<String, String> expected = new TreeMap<>();
            written.stream()
                    .filter(write -> write.version() <= backup.commit())
                    .forEach(write -> expected.put(write.key(), write.text()));
            Path restored = directory.resolve(backup.name() + "-restored");
            restore(backup.path(), restored, false);
            try (TableEngine engine = Engines.open(restored)) {
                assertThat(engine.version()).isEqualTo(backup.commit());
                assertThat(Shelf.read(engine)).isEqualTo(expected);
            }
        }
    }

    /** A data directory with keys and an audit log, and its backup. */
    private Path backup() throws IOException {
        Path data = directory.resolve("data");
        Shelf.fill(data, "one", "two");
        new ApiKeys(data, CLOCK).create("ops", Set.of(Scope.ADMIN), null, null);
        Files.createDirectories(data.resolve("audit"));
        Files.writeString(data.resolve("audit/audit.log"), "{\"a\":1}\n{\"b\":2}\n{\"torn");
        Files.writeString(data.resolve("audit/audit.1.log"), "{\"old\":1}\n");
        return BackupDirectory.writeLocked(data, directory.resolve("backup"), ALL, CLOCK, step -> {})
                .path();
    }

    @Test
    void bringsKeysAndTheWholeLinesOfTheAuditLogWhenTheyAreAskedFor() throws IOException {
        Path backup = backup();
        Path restored = directory.resolve("restored");
        assertThat(restore(backup, restored, false).contents()).isEqualTo(ALL);

        assertThat(Shelf.read(restored)).isEqualTo(Map.of("k0", "one", "k1", "two"));
        assertThat(new ApiKeys(restored, CLOCK).list())
                .isEqualTo(new ApiKeys(directory.resolve("data"), CLOCK).list())
                .hasSize(1);
        assertThat(restored.resolve("audit/audit.log")).hasContent("{\"a\":1}\n{\"b\":2}\n");
        assertThat(restored.resolve("audit/audit.1.log")).hasContent("{\"old\":1}\n");

        Path plain = directory.resolve("plain");
        BackupDirectory.writeLocked(restored, plain, new Backup.Contents(false, false), CLOCK, step -> {});
        try (Stream<Path> files = Files.list(plain)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("akidb.db", "manifest.json");
        }
    }

    @Test
    void refusesADirectoryThatIsInUseOrNotEmptyAndKeepsItsKeysWhenTheBackupHasNone() throws IOException {
        Path backup = backup();
        Path data = directory.resolve("data");
        Path bare = directory.resolve("bare");
        BackupDirectory.writeLocked(data, bare, new Backup.Contents(false, false), CLOCK, step -> {});
        Path other = directory.resolve("other");
        Shelf.fill(other, "three");
        String key = new ApiKeys(other, CLOCK)
                .create("mine", Set.of(Scope.READ), null, null)
                .key()
                .id();

        try (TableEngine engine = Engines.open(other)) {
            assertThatThrownBy(() -> restore(backup, other, true))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("in use");
            assertThat(Shelf.read(engine)).isEqualTo(Map.of("k0", "three"));
        }
        assertThatThrownBy(() -> restore(backup, other, false))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("--replace");
        assertThat(Shelf.read(other)).isEqualTo(Map.of("k0", "three"));

        restore(bare, other, true);
        assertThat(Shelf.read(other)).isEqualTo(Map.of("k0", "one", "k1", "two"));
        assertThat(new ApiKeys(other, CLOCK).list()).extracting("id").containsExactly(key);
    }

    @Test
    void refusesABackupInWhichAnyByteHasChanged() throws IOException {
        Path backup = backup();
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Path target = directory.resolve("target");
        List<Path> files;
        try (Stream<Path> all = Files.walk(backup)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        assertThat(files).hasSize(6);
        for (Path file : files) {
            byte[] whole = Files.readAllBytes(file);
            for (int round = 0; round < 25; round++) {
                byte[] damaged = whole.clone();
                int at = random.nextInt(whole.length);
                damaged[at] ^= (byte) (1 << random.nextInt(7));
                Files.write(file, damaged);
                assertThatThrownBy(() -> restore(backup, target, false))
                        .as("%s, byte %d, seed %d", file, at, seed)
                        .isInstanceOf(CorruptDataException.class)
                        .hasMessageContaining(file.getFileName().toString());
                assertThat(target.resolve("akidb.db")).doesNotExist();
            }
            Files.write(file, whole);
        }
        Files.delete(backup.resolve("security/keys.json"));
        assertThatThrownBy(() -> restore(backup, target, false)).hasMessageContaining("it is missing");
        Files.delete(backup.resolve("manifest.json"));
        assertThatThrownBy(() -> restore(backup, target, false)).isInstanceOf(NotFoundException.class);
    }

    @Test
    void refusesAManifestThatNamesFilesOutsideOrAnotherCommit() throws IOException {
        Path backup = backup();
        Path target = directory.resolve("target");
        Manifest sound = Manifest.read(backup);
        new Manifest(sound.madeAt(), sound.commit() + 1, sound.files()).write(backup);
        assertThatThrownBy(() -> restore(backup, target, false))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining("does not end with commit");
        for (String path : List.of("../data/akidb.db", "/etc/passwd", "audit/../../x", "other/file", "audit/.x")) {
            List<Manifest.Entry> files = new ArrayList<>(sound.files());
            files.add(new Manifest.Entry(path, 1, "00"));
            new Manifest(sound.madeAt(), sound.commit(), files).write(backup);
            assertThatThrownBy(() -> restore(backup, target, false))
                    .isInstanceOf(CorruptDataException.class)
                    .hasMessageContaining("no backup has");
        }
    }

    @Test
    void leavesNothingThatLooksLikeABackupWhenItIsKilledAtAnyStep() throws Exception {
        Path data = directory.resolve("data");
        Shelf.fill(data, "one", "two");
        int step = 1;
        for (Path target = directory.resolve("b1");
                Victim.isKilled("backup", data, target, step);
                target = directory.resolve("b" + ++step)) {
            if (Files.exists(target)) {
                Manifest.read(target).verify(target);
            } else {
                BackupDirectory.writeLocked(data, target, ALL, CLOCK, name -> {});
            }
            try (Stream<Path> left = Files.list(directory)) {
                assertThat(left.filter(each -> each.getFileName().toString().endsWith(".partial")))
                        .isEmpty();
            }
        }
        assertThat(step).isGreaterThan(4);
    }

    @Test
    void leavesTheOldOrTheNewOrAMarkWhenARestoreIsKilledAtAnyStep() throws Exception {
        Path backup = backup();
        Map<String, String> before = Map.of("k0", "three");
        Map<String, String> after = Map.of("k0", "one", "k1", "two");
        boolean[] seen = new boolean[3];
        Path target = directory.resolve("target1");
        Shelf.fill(target, "three");
        int step = 1;
        while (Victim.isKilled("restore", backup, target, step)) {
            try {
                Map<String, String> found = Shelf.read(target);
                assertThat(found).isIn(before, after);
                seen[found.equals(before) ? 0 : 1] = true;
            } catch (UnavailableException refused) {
                assertThat(refused).hasMessageContaining("akidb restore");
                Path unfinished = target;
                assertThatThrownBy(() -> BackupDirectory.writeLocked(
                                unfinished, directory.resolve("no"), ALL, CLOCK, name -> {}))
                        .isInstanceOf(UnavailableException.class);
                seen[2] = true;
            }
            restore(backup, target, true);
            assertThat(Shelf.read(target)).isEqualTo(after);
            target = directory.resolve("target" + ++step);
            Shelf.fill(target, "three");
        }
        assertThat(seen).containsOnly(true);
    }
}
