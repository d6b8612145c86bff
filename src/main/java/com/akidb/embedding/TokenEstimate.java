package com.akidb.embedding;

/** About how many tokens a text is, where no tokenizer can be asked: one for every four bytes of UTF-8. */
final class TokenEstimate {

    private static final int BYTES_PER_TOKEN = 4;

    private TokenEstimate() {}

    /** The estimate, at least 1. */
    static int of(String text) {
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            bytes += bytes(text.charAt(i));
        }
        return (int) Math.max(1, bytes / BYTES_PER_TOKEN);
    }

    /** The longest beginning of a text that is at most so many tokens by estimate; the whole text if it is. */
    static String cut(String text, int tokens) {
        long room = tokens * (long) BYTES_PER_TOKEN + BYTES_PER_TOKEN - 1;
        for (int i = 0; i < text.length(); i++) {
            room -= bytes(text.charAt(i));
            if (room < 0) {
                return text.substring(0, Character.isLowSurrogate(text.charAt(i)) ? i - 1 : i);
            }
        }
        return text;
    }

    /** Bytes of one UTF-16 unit; the two of a surrogate pair make four together. */
    private static int bytes(char unit) {
        if (unit < 0x80) {
            return 1;
        }
        return unit < 0x800 || Character.isSurrogate(unit) ? 2 : 3;
    }
}
