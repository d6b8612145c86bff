package com.akidb.engine.embedded.store;

/** What texts the store can keep unchanged. */
final class Text {

    private Text() {}

    /** Whether each surrogate is half of a pair; others have no UTF-8 form and would be replaced silently. */
    static boolean isWellFormed(String text) {
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
