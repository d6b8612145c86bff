package com.akidb.model;

import com.akidb.error.UnavailableException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How much memory a model's weights may take: on Linux what the kernel says it can give (MemAvailable), or what the
 * process' control group (version 2) has left if that is less; elsewhere the machine's whole memory.
 */
public final class FreeMemory {

    /** Memory beside the weights that a model needs to work at all, in bytes. */
    public static final long TO_WORK = 128L << 20;

    private static final String AVAILABLE = "MemAvailable:";
    private static final String UNIFIED = "0::/";
    /** Beyond this, a file of a control group says that there is no limit. */
    private static final int MOST_DIGITS = 18;

    private final Path root;

    /** The memory of this machine. */
    public FreeMemory() {
        this(Path.of("/"));
    }

    /**
     * The memory that files tell of.
     *
     * @param root where {@code proc} and {@code sys} lie
     */
    FreeMemory(Path root) {
        this.root = root;
    }

    /** Bytes that can be taken now. */
    public long bytes() {
        return Math.min(available(), leftInControlGroup());
    }

    /**
     * Refuses weights that do not fit, before anything is loaded.
     *
     * @param model the model's id, for the message
     * @param weightBytes size of all copies of the weights
     * @throws UnavailableException with both sizes
     */
    public void require(String model, long weightBytes) {
        long needed = weightBytes + TO_WORK;
        long free = bytes();
        if (needed > free) {
            throw new UnavailableException("Model '" + model + "' needs " + megabytes(needed)
                    + " MB of memory, of which its weights are " + megabytes(weightBytes) + " MB, and "
                    + megabytes(free)
                    + " MB are free");
        }
    }

    private long available() {
        for (String line : lines("proc/meminfo")) {
            if (line.startsWith(AVAILABLE)) {
                return Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : Long.MAX_VALUE;
    }

    private long leftInControlGroup() {
        for (String line : lines("proc/self/cgroup")) {
            if (line.startsWith(UNIFIED)) {
                String group = "sys/fs/cgroup/" + line.substring(UNIFIED.length());
                long limit = number(lines(group + "/memory.max"));
                long used = number(lines(group + "/memory.current"));
                // The kernel takes file pages back before it refuses memory.
                long cached = lines(group + "/memory.stat").stream()
                        .filter(entry -> entry.startsWith("inactive_file "))
                        .mapToLong(entry -> number(List.of(entry)))
                        .sum();
                return limit == Long.MAX_VALUE || used == Long.MAX_VALUE ? Long.MAX_VALUE : limit - used + cached;
            }
        }
        return Long.MAX_VALUE;
    }

    private static long number(List<String> lines) {
        String digits = lines.isEmpty() ? "" : lines.getFirst().replaceAll("\\D", "");
        return digits.isEmpty() || digits.length() > MOST_DIGITS ? Long.MAX_VALUE : Long.parseLong(digits);
    }

    private List<String> lines(String file) {
        try {
            Path path = root.resolve(file);
            return Files.isReadable(path) ? Files.readAllLines(path) : List.of();
        } catch (IOException unknown) {
            return List.of();
        }
    }

    private static long megabytes(long bytes) {
        return bytes >> 20;
    }
}
