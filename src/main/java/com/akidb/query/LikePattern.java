package com.akidb.query;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * SQL's LIKE: {@code %} stands for any run, {@code _} for one code point, a backslash takes the next one literally; case
 * matters. What stands between the {@code %} is looked for from left to right, each part in time linear in the text (and, for a
 * part with {@code _}, in 1 + its length / 64): Knuth, Morris and Pratt's algorithm, and bitap.
 */
public final class LikePattern {

    private static final int ANY_ONE = -2;

    /** What stands before the first {@code %}, between two, and behind the last. */
    private final List<Part> parts = new ArrayList<>();

    /** @throws InvalidInputException if it has more than {@value FilterValues#MAX_PATTERN} characters */
    public LikePattern(String pattern) {
        if (pattern.length() > FilterValues.MAX_PATTERN) {
            throw new InvalidInputException(
                    ErrorCode.OUT_OF_RANGE,
                    "a pattern of 'like' has more than " + FilterValues.MAX_PATTERN + " characters",
                    Evaluator.FIELD);
        }
        int[] points = pattern.codePoints().toArray();
        int[] part = new int[points.length];
        int size = 0;
        for (int i = 0; i < points.length; i++) {
            if (points[i] == '%') {
                parts.add(Part.of(Arrays.copyOf(part, size)));
                size = 0;
            } else if (points[i] == '\\' && i + 1 < points.length) {
                part[size++] = points[++i];
            } else {
                part[size++] = points[i] == '_' ? ANY_ONE : points[i];
            }
        }
        parts.add(Part.of(Arrays.copyOf(part, size)));
    }

    /** Whether the whole text matches. */
    public boolean matches(String text) {
        Part first = parts.getFirst();
        int from = first.endIfAt(text, 0);
        if (from < 0 || parts.size() == 1) {
            return from == text.length();
        }
        for (Part part : parts.subList(1, parts.size() - 1)) {
            from = part.endOfFirst(text, from);
            if (from < 0) {
                return false;
            }
        }
        int last = parts.getLast().startIfAtEnd(text);
        return last >= from;
    }

    /** A run of code points, some of which may be any. */
    private sealed interface Part {

        static Part of(int[] points) {
            return Arrays.stream(points).anyMatch(point -> point == ANY_ONE)
                    ? new Wild(points)
                    : new Literal(new String(points, 0, points.length));
        }

        /** Where it ends if it stands at a place; -1 if it does not. */
        int endIfAt(String text, int from);

        /** Where it starts if the text ends in it; -1 if it does not. */
        int startIfAtEnd(String text);

        /** Where it ends the first time that it stands at a place or behind it; -1 if it does not. */
        int endOfFirst(String text, int from);
    }

    private static final class Literal implements Part {

        /** Shorter ones are found faster by looking at each place. */
        private static final int SHORT = 16;

        private final String wanted;
        /** For each length that matched so far, the longest shorter one that matches too. */
        private final int[] shorter;

        Literal(String wanted) {
            this.wanted = wanted;
            this.shorter = new int[wanted.length() < SHORT ? 0 : wanted.length() + 1];
            for (int i = 1, matched = 0; i < shorter.length - 1; i++) {
                while (matched > 0 && wanted.charAt(i) != wanted.charAt(matched)) {
                    matched = shorter[matched];
                }
                matched += wanted.charAt(i) == wanted.charAt(matched) ? 1 : 0;
                shorter[i + 1] = matched;
            }
        }

        @Override
        public int endIfAt(String text, int from) {
            return text.startsWith(wanted, from) ? from + wanted.length() : -1;
        }

        @Override
        public int startIfAtEnd(String text) {
            return text.endsWith(wanted) ? text.length() - wanted.length() : -1;
        }

        @Override
        public int endOfFirst(String text, int from) {
            if (shorter.length == 0) {
                int found = text.indexOf(wanted, from);
                return found < 0 ? -1 : found + wanted.length();
            }
            int matched = 0;
            for (int i = from; i < text.length(); i++) {
                char unit = text.charAt(i);
                while (matched > 0 && unit != wanted.charAt(matched)) {
                    matched = shorter[matched];
                }
                matched += unit == wanted.charAt(matched) ? 1 : 0;
                if (matched == wanted.length()) {
                    return i + 1;
                }
            }
            return -1;
        }
    }

    private static final class Wild implements Part {

        private final int[] points;
        /** For each code point the places that it may stand at, by bits. */
        private final Map<Integer, long[]> places = new HashMap<>();

        private final long[] anyPlaces;

        Wild(int[] points) {
            this.points = points;
            this.anyPlaces = new long[(points.length + 63) >>> 6];
            for (int i = 0; i < points.length; i++) {
                if (points[i] == ANY_ONE) {
                    anyPlaces[i >>> 6] |= 1L << i;
                }
            }
            for (int i = 0; i < points.length; i++) {
                if (points[i] != ANY_ONE) {
                    places.computeIfAbsent(points[i], point -> anyPlaces.clone())[i >>> 6] |= 1L << i;
                }
            }
        }

        @Override
        public int endIfAt(String text, int from) {
            int at = from;
            for (int wanted : points) {
                if (at >= text.length()) {
                    return -1;
                }
                int point = text.codePointAt(at);
                if (wanted != ANY_ONE && wanted != point) {
                    return -1;
                }
                at += Character.charCount(point);
            }
            return at;
        }

        @Override
        public int startIfAtEnd(String text) {
            int at = text.length();
            for (int i = points.length - 1; i >= 0; i--) {
                if (at == 0) {
                    return -1;
                }
                int point = text.codePointBefore(at);
                if (points[i] != ANY_ONE && points[i] != point) {
                    return -1;
                }
                at -= Character.charCount(point);
            }
            return at;
        }

        /** Bit i of the state: the last i + 1 code points match the part's first i + 1. */
        @Override
        public int endOfFirst(String text, int from) {
            long[] state = new long[anyPlaces.length];
            int last = points.length - 1;
            for (int at = from; at < text.length(); ) {
                int point = text.codePointAt(at);
                at += Character.charCount(point);
                long[] here = places.getOrDefault(point, anyPlaces);
                long carry = 1;
                for (int i = 0; i < state.length; i++) {
                    long next = state[i] << 1 | carry;
                    carry = state[i] >>> 63;
                    state[i] = next & here[i];
                }
                if ((state[last >>> 6] >>> last & 1) != 0) {
                    return at;
                }
            }
            return -1;
        }
    }
}
