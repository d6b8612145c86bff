package com.akidb.http.server;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.regex.Pattern;

/**
 * How many REST requests read, searched or wrote the rows of each table and collection, by the minute, over the last hour. Kept
 * in memory, for so many tables at most that names which are made up take no more. Safe for many threads.
 */
public final class TableTraffic {

    /** Minutes that are kept. */
    public static final int MINUTES = 60;

    private static final int MOST_TABLES = 1_000;
    private static final Pattern OF_ROWS =
            Pattern.compile(".*/\\{(?:table|collection)}/(?:rows|query|search|documents)(?:/.*)?");

    private final InstantSource clock;
    private final Map<String, Boolean> ofRows = new ConcurrentHashMap<>();
    private final Map<String, Minutes> tables = new ConcurrentHashMap<>();

    TableTraffic(InstantSource clock) {
        this.clock = clock;
    }

    /** Counts a request, if it is about the rows of a table. */
    void count(RouteTable.Match match) {
        if (ofRows.computeIfAbsent(
                match.pattern(), pattern -> OF_ROWS.matcher(pattern).matches())) {
            String table = match.variables().getFirst();
            Minutes minutes = tables.get(table);
            (minutes == null ? added(table) : minutes).count(minute());
        }
    }

    /** Where there is no room, the table goes whose last request is the longest ago. */
    private synchronized Minutes added(String table) {
        if (tables.size() >= MOST_TABLES) {
            tables.entrySet().stream()
                    .min(Comparator.comparingLong(entry -> entry.getValue().last))
                    .ifPresent(oldest -> tables.remove(oldest.getKey()));
        }
        return tables.computeIfAbsent(table, name -> new Minutes());
    }

    private long minute() {
        return clock.millis() / Duration.ofMinutes(1).toMillis();
    }

    /**
     * Requests of each minute, the current one last.
     *
     * @param table as the requests called it
     */
    public int[] of(String table) {
        Minutes minutes = tables.get(table);
        return minutes == null ? new int[MINUTES] : minutes.until(minute());
    }

    /** How many tables are kept. */
    int tables() {
        return tables.size();
    }

    /** A ring of minutes; two requests that meet at the first moment of one may be counted as one. */
    private static final class Minutes {

        private final AtomicIntegerArray counts = new AtomicIntegerArray(MINUTES);
        private final AtomicIntegerArray stamps = new AtomicIntegerArray(MINUTES);

        /** The minute of the last request. */
        private volatile long last;

        void count(long minute) {
            int place = (int) (minute % MINUTES);
            last = minute;
            if (stamps.getAndSet(place, (int) minute) != (int) minute) {
                counts.set(place, 0);
            }
            counts.incrementAndGet(place);
        }

        int[] until(long minute) {
            int[] all = new int[MINUTES];
            for (int back = 0; back < MINUTES; back++) {
                int place = (int) ((minute - back) % MINUTES);
                if (stamps.get(place) == (int) (minute - back)) {
                    all[MINUTES - 1 - back] = counts.get(place);
                }
            }
            return all;
        }
    }
}
