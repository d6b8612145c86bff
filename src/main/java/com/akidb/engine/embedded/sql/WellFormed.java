package com.akidb.engine.embedded.sql;

/** What texts the store can keep unchanged. */
public final class WellFormed {

    private WellFormed() {}

    /** Whether each surrogate is half of a pair; others have no UTF-8 form and would be replaced silently. */
    public static boolean isWellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (Character.isSurrogate(unit)) {
                boolean pair = Character.isHighSurrogate(unit)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }
}
