package com.akidb.transfer;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** Shows how far a transfer is: one line that changes on a terminal, a line now and then elsewhere. */
public final class Progress {

    private static final int WIDTH = 30;
    private static final long ON_TERMINAL = Duration.ofMillis(100).toNanos();
    private static final long ELSEWHERE = Duration.ofSeconds(10).toNanos();

    private final PrintWriter out;
    private final boolean terminal;
    private final long begin = System.nanoTime();
    private long shown = begin;

    public Progress(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /**
     * Shows it, if it was not just shown.
     *
     * @param part that is done, 0 to 1; negative if it is not known
     * @param rows that this run moved
     */
    void show(double part, long rows, long bad) {
        long now = System.nanoTime();
        if (now - shown >= (terminal ? ON_TERMINAL : ELSEWHERE)) {
            shown = now;
            print(part, rows, bad);
        }
    }

    void end(long rows, long bad) {
        if (terminal) {
            print(1, rows, bad);
            out.println();
        }
        out.flush();
    }

    private void print(double part, long rows, long bad) {
        double seconds = Math.max(1e-3, (System.nanoTime() - begin) / 1e9);
        String bar = "";
        if (part >= 0) {
            int full = (int) Math.round(Math.min(1, part) * WIDTH);
            bar = String.format(
                    Locale.ROOT, "[%s%s] %3.0f %%  ", "=".repeat(full), " ".repeat(WIDTH - full), part * 100);
        }
        String line = String.format(Locale.ROOT, "%s%,d rows  %,.0f rows/s  %,d bad", bar, rows, rows / seconds, bad);
        if (terminal) {
            out.print("\r" + line);
            out.flush();
        } else {
            out.println(line);
        }
    }
}
