package com.akidb.query;

/** The order of numbers across integers and doubles, and of strings by code point. */
public final class Scalars {

    private static final double TWO_TO_63 = 0x1p63;

    private Scalars() {}

    /** Compares exactly: the integer is not rounded to a double. */
    public static int compare(long a, double b) {
        if (b >= TWO_TO_63) {
            return -1;
        }
        if (b < -TWO_TO_63) {
            return 1;
        }
        long whole = (long) b;
        if (a != whole) {
            return Long.compare(a, whole);
        }
        return compare(0.0, b - whole);
    }

    /** Compares by number: zero is zero whatever its sign. */
    public static int compare(double a, double b) {
        return a < b ? -1 : a > b ? 1 : 0;
    }

    /** Compares by code point, which differs from {@link String#compareTo} where surrogates meet U+E000 to U+FFFF. */
    public static int compare(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean high = Character.isSurrogate(x);
                return high == Character.isSurrogate(y) ? Character.compare(x, y) : high ? 1 : -1;
            }
        }
        return Integer.compare(a.length(), b.length());
    }
}
