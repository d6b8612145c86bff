package com.akidb.engine.embedded.index.filter;

import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;

/** Numbers for the distinct strings of a column, from 0 on. Strings are never forgotten. Safe for many threads. */
final class StringDictionary {

    /** What one string costs beside its characters: itself, its entry in the map and its place in the array. */
    private static final int OVERHEAD = 120;

    private final ConcurrentHashMap<String, Integer> numbers = new ConcurrentHashMap<>();
    private volatile String[] strings = new String[0];
    private volatile int size;
    private volatile long bytes;

    /** The number of a string, a new one if it is new. */
    int intern(String string) {
        Integer known = numbers.get(string);
        return known != null ? known : add(string);
    }

    private synchronized int add(String string) {
        Integer known = numbers.get(string);
        if (known != null) {
            return known;
        }
        int number = size;
        if (number == strings.length) {
            strings = Arrays.copyOf(strings, Math.max(16, number * 2));
        }
        strings[number] = string;
        size = number + 1;
        bytes += OVERHEAD + 2L * string.length();
        numbers.put(string, number);
        return number;
    }

    /** The number of a string; -1 if it is unknown. */
    int find(String string) {
        Integer known = numbers.get(string);
        return known == null ? -1 : known;
    }

    /** The string of a number that was given out. */
    String string(int number) {
        return strings[number];
    }

    int size() {
        return size;
    }

    long bytes() {
        return bytes;
    }
}
