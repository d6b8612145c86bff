package com.akidb.faults;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import com.akidb.faults.FaultyFiles.Kind;
import com.akidb.file.AtomicFiles;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;

/**
 * Lets each story fail at many points: at the n-th call that changes a file, by an I/O error, for want of space, by a short write, once
 * or from then on for good. Arguments: the preloaded library, how many points, a directory to work in. Prints a table; the
 * exit status is 1 if something was lost or wrong.
 */
public final class FaultRuns {

    private static final int MOST_TOLD = 20;
    private static final int LONGEST_SECONDS = 120;

    private final FaultyFiles files;
    private final Path work;
    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().factory());
    private int told;

    private FaultRuns(FaultyFiles files, Path work) {
        this.files = files;
        this.work = work;
    }

    /** A point at which calls fail. */
    private record Point(long at, Kind kind, boolean forGood) {}

    /**
     * What came of a story.
     *
     * @param calls that change files, in a run without a fault
     */
    private record Tally(long calls, int points, int struck, int answered, int refused, int wrong) {}

    public static void main(String[] arguments) throws IOException {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(Level.OFF);
        }
        Path work = Path.of(arguments[2]).toRealPath();
        FaultRuns runs = new FaultRuns(new FaultyFiles(Path.of(arguments[0])), work);
        int wrong = runs.run(Integer.parseInt(arguments[1]));
        System.exit(wrong == 0 ? 0 : 1);
    }

    private int run(int points) throws IOException {
        Map<String, Supplier<Story>> stories = Map.of(
                "1 writes, then killed", () -> new Stories.Writes(true),
                "2 writes, then stopped", () -> new Stories.Writes(false),
                "3 keys", Stories.Keys::new,
                "4 backup", Stories.BackUps::new,
                "5 restore", Stories.Restores::new,
                "6 compact", Stories.Compactions::new);
        Map<String, Integer> parts = Map.of(
                "1 writes, then killed", 35,
                "2 writes, then stopped", 25,
                "3 keys", 10,
                "4 backup", 10,
                "5 restore", 10,
                "6 compact", 10);
        out.println("| story | calls | points | struck | answered | refused | wrong |\n|---|---|---|---|---|---|---|");
        int all = 0;
        int wrong = 0;
        for (String name : stories.keySet().stream().sorted().toList()) {
            Tally tally = tell(name, stories.get(name), Math.max(1, points * parts.get(name) / 100));
            out.println(
                    "| " + name.substring(2) + " | " + tally.calls() + " | " + tally.points() + " | " + tally.struck()
                            + " | " + tally.answered() + " | " + tally.refused() + " | " + tally.wrong() + " |");
            all += tally.points();
            wrong += tally.wrong();
        }
        out.println("\n" + all + " points, " + wrong + " wrong");
        return wrong;
    }

    private Tally tell(String name, Supplier<Story> stories, int wanted) throws IOException {
        Story whole = stories.get();
        long calls = at(name, whole, new Point(Long.MAX_VALUE, Kind.IO_ERROR, false)) ? files.disarm() : 0;
        int struck = 0;
        int answered = 0;
        int refused = 0;
        int wrong = calls > 0 && whole.refused() == 0 ? 0 : 1;
        List<Point> points = points(calls, wanted);
        for (Point point : points) {
            Story story = stories.get();
            if (!at(name, story, point)) {
                wrong++;
            }
            struck += files.hits() > 0 ? 1 : 0;
            answered += story.answered();
            refused += story.refused();
        }
        return new Tally(calls, points.size(), struck, answered, refused, wrong);
    }

    /** Spread over the calls, each kind in its turn. */
    private static List<Point> points(long calls, int wanted) {
        List<Point> points = new ArrayList<>();
        Kind[] kinds = Kind.values();
        for (int i = 0; i < wanted; i++) {
            points.add(new Point(1 + i * calls / wanted, kinds[i % kinds.length], i / kinds.length % 2 == 1));
        }
        return points;
    }

    /** Whether all was as it should be. */
    private boolean at(String name, Story story, Point point) throws IOException {
        Path directory = work.resolve("story");
        ScheduledFuture<?> alarm = watch.schedule(() -> standstill(name, point), LONGEST_SECONDS, TimeUnit.SECONDS);
        try {
            story.prepare(directory);
            files.arm(directory, point.at(), point.kind(), point.forGood());
            try {
                story.go(directory);
            } finally {
                files.disarm();
            }
            story.judge(directory);
            return true;
        } catch (AssertionError | RuntimeException | IOException e) {
            if (told++ < MOST_TOLD) {
                StringWriter trace = new StringWriter();
                e.printStackTrace(new PrintWriter(trace));
                out.println("WRONG: " + name.substring(2) + ", " + point + ": "
                        + trace.toString().lines().limit(14).reduce("", (a, b) -> a + "\n    " + b));
            }
            return false;
        } finally {
            alarm.cancel(false);
            for (String each : List.of("story", "story-killed")) {
                if (Files.exists(work.resolve(each))) {
                    AtomicFiles.deleteTree(work.resolve(each));
                }
            }
        }
    }

    private void standstill(String name, Point point) {
        out.println(String.format(Locale.ROOT, "WRONG: %s, %s stands still", name, point));
        Thread.getAllStackTraces().forEach((thread, frames) -> {
            out.println(thread);
            for (StackTraceElement frame : frames) {
                out.println("    " + frame);
            }
        });
        Runtime.getRuntime().halt(3);
    }
}
