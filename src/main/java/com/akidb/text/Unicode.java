package com.akidb.text;

/** Whether a string has a form in UTF-8. Half of a surrogate pair has none: writing it would replace it silently. */
public final class Unicode {

    private Unicode() {}

    public static boolean isWellFormed(String text) {
        return unpairedSurrogate(text) < 0;
    }

    /** Where the first half of a surrogate pair stands alone, in UTF-16 units; -1 if nowhere. */
    public static int unpairedSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (Character.isSurrogate(unit)) {
                boolean pair = Character.isHighSurrogate(unit)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    return i;
                }
                i++;
            }
        }
        return -1;
    }
}
