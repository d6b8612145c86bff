package com.akidb.backup;

import com.akidb.error.AkidbException;
import com.akidb.error.ConflictException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.error.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The backups of a running server: those that people ask for, and those of the schedule, one at a time on a thread of its
 * own, since copying is native work that may take minutes. Safe for many threads.
 */
public final class Backups implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Backups.class);

    /** Names that are also safe as names of directories, everywhere. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    private static final String NAME_RULE =
            "name must be 1 to 100 letters, digits, '.', '_' and '-', the first a letter or digit";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final String ASKED = "backup-";
    private static final String SCHEDULED = "scheduled-";
    private static final Duration BETWEEN_LOOKS = Duration.ofMinutes(1);
    private static final int MOST_LISTED = 10_000;

    private final Path dataDirectory;
    private final Path directory;
    private final BackupProperties properties;
    private final InstantSource clock;
    private final ScheduledThreadPoolExecutor thread;

    /** The one that is being made, or that failed last. */
    private final AtomicReference<@Nullable Backup> latest = new AtomicReference<>();

    private final AtomicLong failures = new AtomicLong();
    private Instant notBefore = Instant.MIN;

    Backups(Path dataDirectory, BackupProperties properties, InstantSource clock) {
        this.dataDirectory = dataDirectory.toAbsolutePath().normalize();
        Path wanted = properties.directory();
        this.directory = wanted == null
                ? this.dataDirectory.resolve("backups")
                : wanted.toAbsolutePath().normalize();
        this.properties = properties;
        this.clock = clock;
        this.thread = new ScheduledThreadPoolExecutor(
                1, task -> Thread.ofPlatform().name("akidb-backup").daemon().unstarted(task));
    }

    /** Looks from now on whether a scheduled backup is due. */
    void startSchedule() {
        if (!properties.schedule().isZero()) {
            thread.scheduleWithFixedDelay(this::makeIfDue, 0, BETWEEN_LOOKS.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /**
     * Begins a backup; it goes on by itself.
     *
     * @param name of the backup: 1 to 100 letters, digits, {@code .}, {@code _} and {@code -}; null for the time of day
     * @return the backup, running; ask {@link #get} for how it goes on
     * @throws InvalidInputException if the name may not be one
     * @throws ConflictException if the name is taken, or a backup is being made
     */
    public Backup start(@Nullable String name, Backup.Contents contents) {
        Instant now = clock.instant();
        if (name != null && !NAME.matcher(name).matches()) {
            throw new InvalidInputException(ErrorCode.INVALID_ARGUMENT, NAME_RULE, "name");
        }
        Path target = directory.resolve(name == null ? ASKED + TIME.format(now) : name);
        if (Files.exists(target)) {
            throw new ConflictException(
                    ErrorCode.ALREADY_EXISTS, "There is a backup named " + target.getFileName() + " already", "name");
        }
        Backup running = new Backup(target, Backup.State.RUNNING, now, 0, 0, contents, null);
        begin(running);
        thread.execute(() -> make(running));
        return running;
    }

    private void begin(Backup running) {
        Backup before = latest.get();
        if (before != null && before.state() == Backup.State.RUNNING || !latest.compareAndSet(before, running)) {
            throw new ConflictException(ErrorCode.CONFLICT, "A backup is being made; wait until it is complete");
        }
    }

    private void make(Backup running) {
        long begun = System.nanoTime();
        try {
            BackupDirectory.deletePartials(directory);
            Backup made = BackupDirectory.write(
                    dataDirectory, running.path(), running.contents(), clock, step -> log.debug("{}", step));
            log.info(
                    "Made the backup {} of commit {} with {} bytes in {} ms",
                    made.path(),
                    made.commit(),
                    made.bytes(),
                    Duration.ofNanos(System.nanoTime() - begun).toMillis());
            latest.set(null);
        } catch (IOException | RuntimeException | Error e) {
            log.error("Could not make the backup {}", running.path(), e);
            failures.incrementAndGet();
            String error = e instanceof AkidbException known ? known.detail() : "It could not be written; see the log";
            latest.set(
                    new Backup(running.path(), Backup.State.FAILED, running.madeAt(), 0, 0, running.contents(), error));
        }
    }

    /** For the backups' thread, again and again. */
    void makeIfDue() {
        try {
            Instant now = clock.instant();
            List<Backup> scheduled = scheduled();
            Instant next = scheduled.isEmpty()
                    ? Instant.MIN
                    : scheduled.getFirst().madeAt().plus(properties.schedule());
            if (now.isBefore(next) || now.isBefore(notBefore)) {
                return;
            }
            // After a failure not again at once, so that a full disk does not fill the log as well.
            notBefore = now.plus(properties.schedule().dividedBy(10));
            Backup.Contents contents = new Backup.Contents(properties.includeKeys(), properties.includeAudit());
            Path target = directory.resolve(SCHEDULED + TIME.format(now));
            Backup running = new Backup(target, Backup.State.RUNNING, now, 0, 0, contents, null);
            begin(running);
            make(running);
            for (Backup old : scheduled().stream().skip(properties.keep()).toList()) {
                BackupDirectory.delete(old.path());
                log.info("Deleted the backup {}: {} newer ones are there", old.path(), properties.keep());
            }
        } catch (ConflictException busy) {
            log.debug("The scheduled backup waits for the one that is being made");
        } catch (IOException | RuntimeException failure) {
            // A timer never runs again what failed once.
            log.error("Could not look after the scheduled backups", failure);
        }
    }

    private List<Backup> scheduled() {
        return list().stream()
                .filter(backup -> backup.state() == Backup.State.COMPLETE)
                .filter(backup -> backup.name().startsWith(SCHEDULED))
                .toList();
    }

    /** All that are there, and the one that is being made or failed last; youngest first. */
    public List<Backup> list() {
        List<Backup> all = new ArrayList<>();
        Backup current = latest.get();
        if (current != null) {
            all.add(current);
        }
        for (Path each : directories()) {
            if (current == null || !current.path().equals(each)) {
                try {
                    all.add(BackupDirectory.describe(each));
                } catch (NotFoundException noBackup) {
                    log.debug("{} is no backup", each);
                } catch (AkidbException damaged) {
                    all.add(new Backup(
                            each,
                            Backup.State.FAILED,
                            Instant.EPOCH,
                            0,
                            0,
                            new Backup.Contents(false, false),
                            damaged.detail()));
                }
            }
        }
        all.sort(Comparator.comparing(Backup::madeAt).reversed().thenComparing(Backup::name));
        return all;
    }

    private List<Path> directories() {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(
                            each -> NAME.matcher(each.getFileName().toString()).matches())
                    .filter(Files::isDirectory)
                    .limit(MOST_LISTED)
                    .toList();
        } catch (IOException e) {
            throw new UnavailableException("The directory of backups " + directory + " cannot be read: " + e, e);
        }
    }

    /**
     * One of them.
     *
     * @throws NotFoundException if there is none of that name
     */
    public Backup get(String name) {
        return list().stream()
                .filter(backup -> backup.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new NotFoundException(ErrorCode.NOT_FOUND, "There is no such backup", "name"));
    }

    /** How many failed since the start. */
    long failures() {
        return failures.get();
    }

    /** When the youngest was made, in seconds since 1970 UTC; 0 if there is none. */
    long youngest() {
        return list().stream()
                .filter(backup -> backup.state() == Backup.State.COMPLETE)
                .findFirst()
                .map(backup -> backup.madeAt().getEpochSecond())
                .orElse(0L);
    }

    /** Begins no more. One that is being made ends with the process: what it wrote has not the name of a backup yet. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
