package com.akidb.engine.embedded.index;

import com.akidb.engine.IndexStatus.Recall;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much of the true nearest rows the searches of an index found lately, and how much harder they look because of that.
 * When the mean falls below the floor the effort is raised by half; after many searches well above the floor it is
 * lowered by a tenth. For many threads.
 */
final class RecallControl {

    /** Checked searches that the mean goes back about. */
    private static final int WINDOW = 50;

    /** Checked searches after which the effort may be raised, and after which it may be lowered. */
    private static final int ENOUGH_TO_RAISE = 10;

    private static final int ENOUGH_TO_LOWER = 200;

    private static final double MOST_RAISE = 256;

    /** Of the past: so many means are kept, and so far apart. */
    private static final int MOST_KEPT = 120;

    private static final Duration APART = Duration.ofMinutes(1);

    private final Deque<Recall> history = new ArrayDeque<>();

    private double mean;
    private int checked;
    private boolean known;
    private volatile double raise = 1;

    /**
     * Takes in a search that was checked.
     *
     * @param found share of the true nearest rows that it found, 0 to 1
     * @param floor least mean that is wanted
     * @param now the time
     */
    synchronized void checked(double found, double floor, Instant now) {
        checked++;
        mean += (found - mean) / Math.min(checked, WINDOW);
        known = true;
        remember(now);
        if (checked >= ENOUGH_TO_RAISE && mean < floor && raise < MOST_RAISE) {
            raise = Math.min(MOST_RAISE, raise * 1.5);
            checked = 0;
        } else if (checked >= ENOUGH_TO_LOWER && mean > (1 + floor) / 2 && raise > 1) {
            raise = Math.max(1, raise * 0.9);
            checked = 0;
        }
    }

    private void remember(Instant now) {
        Recall last = history.peekLast();
        if (last != null && now.isBefore(last.at().plus(APART))) {
            return;
        }
        if (history.size() == MOST_KEPT) {
            history.removeFirst();
        }
        history.addLast(new Recall(now, Math.clamp(mean, 0, 1)));
    }

    /** How the mean was, a minute or more apart and oldest first; of the last two hours in which searches were checked. */
    synchronized List<Recall> history() {
        return List.copyOf(history);
    }

    /** Share of the true nearest rows that was found lately, 0 to 1; null if no search was checked. */
    synchronized @Nullable Double mean() {
        return known ? Math.clamp(mean, 0, 1) : null;
    }

    /** What the effort of searches is multiplied with, 1 or more. */
    double raise() {
        return raise;
    }
}
