package com.akidb.text;

/** Words of callers: how a message shows them, and what a quoted name of SQL says. */
public final class Words {

    private static final int SHOWN = 64;

    private Words() {}

    /** A caller's word, short and clean enough for a message. */
    public static String shown(String word) {
        return shown(word, SHOWN);
    }

    /**
     * A caller's word for a message: control characters become question marks, and of a longer word the beginning remains.
     *
     * @param longest in UTF-16 units; of a longer word half as many code points are shown
     */
    public static String shown(String word, int longest) {
        String clean = word.replaceAll("\\p{Cntrl}", "?");
        return clean.length() <= longest ? clean : clean.substring(0, clean.offsetByCodePoints(0, longest / 2)) + "...";
    }

    /** The name that is written here bare, in double quotes or in backticks; a quote inside is written twice. */
    public static String unquoted(String written) {
        char first = written.charAt(0);
        if (first != '"' && first != '`') {
            return written;
        }
        String quote = String.valueOf(first);
        return written.substring(1, written.length() - 1).replace(quote + quote, quote);
    }
}
