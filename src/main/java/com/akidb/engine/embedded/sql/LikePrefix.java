package com.akidb.engine.embedded.sql;

import org.jspecify.annotations.Nullable;

/**
 * What every text begins with that matches a pattern. As bounds it says nothing that the pattern does not say, but an
 * index can use it.
 *
 * @param from the prefix; may be empty
 * @param until first text behind all that begin with it; null if there is none
 */
record LikePrefix(String from, @Nullable String until) {

    static LikePrefix of(String pattern) {
        int end = 0;
        while (end < pattern.length() && "%_\\".indexOf(pattern.charAt(end)) < 0) {
            end++;
        }
        String prefix = pattern.substring(0, end);
        return new LikePrefix(prefix, successor(prefix));
    }

    /** The prefix with its last character raised by one, by code point. */
    private static @Nullable String successor(String prefix) {
        int end = prefix.length();
        while (end > 0) {
            int last = prefix.codePointBefore(end);
            end -= Character.charCount(last);
            if (last < Character.MAX_CODE_POINT) {
                int next = last + 1 == Character.MIN_SURROGATE ? Character.MAX_SURROGATE + 1 : last + 1;
                return prefix.substring(0, end) + Character.toString(next);
            }
        }
        return null;
    }

    /** Appends the bounds, each with an AND behind it. */
    void append(SqlField field, SqlText sql) {
        if (!from.isEmpty()) {
            sql.add(field.sql()).add(" >= ").value(from).add(" AND ");
        }
        if (until != null) {
            sql.add(field.sql()).add(" < ").value(until).add(" AND ");
        }
    }
}
