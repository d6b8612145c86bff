package com.akidb.backup;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A process that backs up or restores and ends at a certain step, as it would by {@code kill -9}: nothing is tidied up. */
final class Victim {

    private static final int KILLED = 137;

    private Victim() {}

    /** {@code backup|restore FROM TO STEP}. */
    public static void main(String[] arguments) {
        Path from = Path.of(arguments[1]);
        Path to = Path.of(arguments[2]);
        int[] left = {Integer.parseInt(arguments[3])};
        Consumer<String> step = name -> {
            if (--left[0] == 0) {
                Runtime.getRuntime().halt(KILLED);
            }
        };
        if (arguments[0].equals("backup")) {
            BackupDirectory.writeLocked(from, to, new Backup.Contents(true, true), Clock.systemUTC(), step);
        } else {
            new Restore(from, to, true, Clock.systemUTC(), step).run();
        }
    }

    /** Runs one; whether it was killed at that step, rather than done before it. */
    static boolean isKilled(String what, Path from, Path to, int step) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                Victim.class.getName(),
                what,
                from.toString(),
                to.toString(),
                Integer.toString(step)));
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        int status = process.waitFor();
        if (status != 0 && status != KILLED) {
            throw new AssertionError("the victim ended with " + status);
        }
        return status == KILLED;
    }
}
