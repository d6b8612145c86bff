package com.akidb.security.audit;

import ch.qos.logback.core.ContextBase;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.Duration;
import ch.qos.logback.core.util.FileSize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The files of a log such as the audit log: {@code audit.log}, and the closed ones {@code audit.1.log}, the youngest, and
 * so on. Used by one thread.
 */
public final class AuditFile implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(AuditFile.class);
    /** How seldom the size is looked at; so a file may become longer by what is written meanwhile. */
    private static final long LOOK_MILLIS = 100;

    /** So much of the files is read for {@link #newest}, at most. */
    private static final int MOST_READ_BYTES = 1 << 20;

    private final Path directory;
    private final String name;
    private final int maxFiles;
    private final ContextBase context = new ContextBase();
    private final HonestFileAppender appender = new HonestFileAppender();
    private final AtomicLong failures = new AtomicLong();
    private boolean torn;
    private boolean opened;

    /**
     * Nothing is made before the first line.
     *
     * @param directory for the files
     * @param name of the files
     * @param maxBytes size at which a file is closed, about
     * @param maxFiles most closed files
     */
    public AuditFile(Path directory, String name, long maxBytes, int maxFiles) {
        this.directory = directory;
        this.name = name;
        this.maxFiles = maxFiles;
        context.setName(name);
        Lines encoder = new Lines();
        encoder.setContext(context);
        encoder.start();

        FixedWindowRollingPolicy rolling = new FixedWindowRollingPolicy();
        rolling.setContext(context);
        rolling.setParent(appender);
        rolling.setFileNamePattern(directory.resolve(name + ".%i.log").toString());
        rolling.setMinIndex(1);
        rolling.setMaxIndex(maxFiles);

        SizeBasedTriggeringPolicy<String> size = new SizeBasedTriggeringPolicy<>();
        size.setContext(context);
        size.setMaxFileSize(new FileSize(maxBytes));
        size.setCheckIncrement(Duration.buildByMilliseconds(LOOK_MILLIS));

        appender.setContext(context);
        appender.setName(name);
        appender.setFile(directory.resolve(name + ".log").toString());
        appender.setEncoder(encoder);
        appender.setRollingPolicy(rolling);
        appender.setTriggeringPolicy(size);
    }

    /** Adds a line; one that cannot be added is told to the server's own log instead. */
    public void append(String line) {
        if (!appender.isStarted()) {
            open();
        }
        String whole = torn ? "\n" + line : line;
        torn = !appender.isStarted() || !appender.write(whole);
        if (torn) {
            failures.incrementAndGet();
            log.error("The audit log cannot be written ({}); this was its line: {}", appender.failure(), line);
        }
    }

    /**
     * The last lines that are whole, newest first, from the last megabyte of the files; for any thread. A file that is closed
     * while it is read may be missed.
     *
     * @param limit most lines
     */
    public List<String> newest(int limit) {
        List<String> lines = new ArrayList<>();
        int left = MOST_READ_BYTES;
        for (int number = 0; number <= maxFiles && lines.size() < limit && left > 0; number++) {
            String tail = tail(directory.resolve(number == 0 ? name + ".log" : name + "." + number + ".log"), left);
            left -= tail.length();
            List<String> its = tail.lines().filter(AuditFile::isWhole).toList();
            its.reversed().stream().limit(limit - lines.size()).forEach(lines::add);
        }
        return lines;
    }

    /** Whether a line is one that was written to its end. */
    private static boolean isWhole(String line) {
        try {
            return JsonMapper.shared().readTree(line).isObject();
        } catch (JacksonException torn) {
            return false;
        }
    }

    private static String tail(Path file, int most) {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            long from = Math.max(0, channel.size() - most);
            ByteBuffer bytes = ByteBuffer.allocate((int) (channel.size() - from));
            channel.position(from);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
            return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
        } catch (NoSuchFileException none) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void open() {
        if (!opened) {
            appender.getRollingPolicy().start();
            appender.getTriggeringPolicy().start();
            opened = true;
        }
        appender.start();
    }

    /** How many lines could not be added. */
    public long failures() {
        return failures.get();
    }

    @Override
    public void close() {
        appender.stop();
        context.stop();
    }
}
