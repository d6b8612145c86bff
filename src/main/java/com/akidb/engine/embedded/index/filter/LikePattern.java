package com.akidb.engine.embedded.index.filter;

import java.util.Arrays;

/** SQL's LIKE: {@code %} stands for any run, {@code _} for one code point, a backslash takes the next one literally. */
public final class LikePattern {

    private static final int ANY_RUN = -1;
    private static final int ANY_ONE = -2;

    private final int[] pattern;

    public LikePattern(String text) {
        int[] points = text.codePoints().toArray();
        int[] compiled = new int[points.length];
        int size = 0;
        for (int i = 0; i < points.length; i++) {
            int point = points[i];
            if (point == '\\' && i + 1 < points.length) {
                compiled[size++] = points[++i];
            } else {
                compiled[size++] = point == '%' ? ANY_RUN : point == '_' ? ANY_ONE : point;
            }
        }
        pattern = Arrays.copyOf(compiled, size);
    }

    /** Whether the whole text matches; at most length of the text times length of the pattern steps. */
    public boolean matches(String text) {
        int at = 0;
        int in = 0;
        int resumeAt = -1;
        int resumeIn = -1;
        while (in < text.length()) {
            int point = text.codePointAt(in);
            if (at < pattern.length && (pattern[at] == ANY_ONE || pattern[at] == point)) {
                at++;
                in += Character.charCount(point);
            } else if (at < pattern.length && pattern[at] == ANY_RUN) {
                resumeAt = ++at;
                resumeIn = in;
            } else if (resumeAt >= 0) {
                resumeIn += Character.charCount(text.codePointAt(resumeIn));
                at = resumeAt;
                in = resumeIn;
            } else {
                return false;
            }
        }
        while (at < pattern.length && pattern[at] == ANY_RUN) {
            at++;
        }
        return at == pattern.length;
    }
}
