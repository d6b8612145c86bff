package com.akidb.text;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The terms by which texts are found. Where a script puts spaces between words, terms are words: letters, marks and digits
 * up to whatever else comes. Where it does not, as in Chinese, Japanese and Thai, every two characters that stand side by
 * side are a term, and the last one of a run is one alone: what is asked for is then found wherever in a run it stands.
 * Korean is cut the same way, since its particles are written without a space behind the noun. A change of script ends a term,
 * so that Latin words are found that are glued to others. An index and its queries must be cut alike.
 */
public final class SearchTerms {

    /** No script below is written without spaces; most texts hold nothing above. */
    private static final char FIRST_UNSPACED = '\u0E00';

    private static final Set<UnicodeScript> UNSPACED = EnumSet.of(
            UnicodeScript.HAN,
            UnicodeScript.HIRAGANA,
            UnicodeScript.KATAKANA,
            UnicodeScript.BOPOMOFO,
            UnicodeScript.HANGUL,
            UnicodeScript.YI,
            UnicodeScript.THAI,
            UnicodeScript.LAO,
            UnicodeScript.KHMER,
            UnicodeScript.MYANMAR);

    private static final int LONG_VOWEL = 0x30FC;
    private static final int HALFWIDTH_LONG_VOWEL = 0xFF70;
    private static final int HALFWIDTH_VOICED = 0xFF9E;
    private static final int HALFWIDTH_SEMI_VOICED = 0xFF9F;

    private static final int FIRST_FULLWIDTH = 0xFF01;
    private static final int LAST_FULLWIDTH = 0xFF5E;
    private static final int FULLWIDTH_TO_ASCII = FIRST_FULLWIDTH - '!';

    private SearchTerms() {}

    /**
     * What a query asks for.
     *
     * @param isPrefix whether terms that begin so are meant as well: a character alone begins the pairs that it is in
     */
    public record Term(String text, boolean isPrefix) {}

    /** The text with spaces between its terms, as an index of words takes it in. */
    public static String spaced(String text) {
        if (hasNoRun(text)) {
            return text;
        }
        StringBuilder spaced = new StringBuilder(text.length() * 2);
        Cutter cutter = new Cutter() {
            @Override
            void other(int codePoint) {
                spaced.appendCodePoint(codePoint);
            }

            @Override
            void run(List<String> characters) {
                spaced.append(' ');
                for (int i = 0; i + 1 < characters.size(); i++) {
                    spaced.append(characters.get(i))
                            .append(characters.get(i + 1))
                            .append(' ');
                }
                spaced.append(characters.getLast()).append(' ');
            }
        };
        cutter.cut(text);
        return spaced.toString();
    }

    /** The different terms of a query, in their order; those beyond so many are passed over. */
    public static List<Term> of(String query, int most) {
        Set<Term> terms = new LinkedHashSet<>();
        StringBuilder word = new StringBuilder();
        Cutter cutter = new Cutter() {
            @Override
            void other(int codePoint) {
                if (isPartOfWord(codePoint)) {
                    word.appendCodePoint(codePoint);
                } else {
                    endOfWord();
                }
            }

            @Override
            void run(List<String> characters) {
                endOfWord();
                if (characters.size() == 1) {
                    terms.add(new Term(characters.getFirst(), true));
                }
                for (int i = 0; i + 1 < characters.size(); i++) {
                    terms.add(new Term(characters.get(i) + characters.get(i + 1), false));
                }
            }

            void endOfWord() {
                if (word.codePoints().anyMatch(codePoint -> !isMark(codePoint))) {
                    terms.add(new Term(word.toString(), false));
                }
                word.setLength(0);
            }
        };
        cutter.cut(query + " ");
        return terms.stream().limit(most).toList();
    }

    private static boolean hasNoRun(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= FIRST_UNSPACED) {
                return false;
            }
        }
        return true;
    }

    /** Takes a text apart into runs of scripts without spaces, and the code points between them. */
    private abstract static class Cutter {

        /** A code point that belongs to no run; of full width it is made an ordinary one. */
        abstract void other(int codePoint);

        /** A run: its characters, each with the marks upon it; at least one. */
        abstract void run(List<String> characters);

        final void cut(String text) {
            int start = -1;
            int next;
            for (int i = 0; i < text.length(); i = next) {
                int codePoint = text.codePointAt(i);
                next = i + Character.charCount(codePoint);
                if (isUnspaced(codePoint) || start >= 0 && isMark(codePoint)) {
                    start = start < 0 ? i : start;
                    continue;
                }
                if (start >= 0) {
                    characters(text.substring(start, i));
                    start = -1;
                }
                boolean fullwidth = codePoint >= FIRST_FULLWIDTH && codePoint <= LAST_FULLWIDTH;
                other(fullwidth ? codePoint - FULLWIDTH_TO_ASCII : codePoint);
            }
            if (start >= 0) {
                characters(text.substring(start));
            }
        }

        /** Compatible forms of a character, such as katakana of half width, are one. */
        private void characters(String run) {
            String composed = Normalizer.normalize(run, Normalizer.Form.NFKC);
            List<String> characters = new ArrayList<>(composed.length());
            int end;
            for (int i = 0; i < composed.length(); i = end) {
                int codePoint = composed.codePointAt(i);
                end = i + Character.charCount(codePoint);
                if (!isPartOfWord(codePoint)) {
                    endOfRun(characters);
                    continue;
                }
                while (end < composed.length() && isMark(composed.codePointAt(end))) {
                    end += Character.charCount(composed.codePointAt(end));
                }
                characters.add(composed.substring(i, end));
            }
            endOfRun(characters);
        }

        private void endOfRun(List<String> characters) {
            if (!characters.isEmpty()) {
                run(characters);
                characters.clear();
            }
        }
    }

    private static boolean isUnspaced(int codePoint) {
        return codePoint >= FIRST_UNSPACED
                && (UNSPACED.contains(UnicodeScript.of(codePoint))
                        || codePoint == LONG_VOWEL
                        || codePoint == HALFWIDTH_LONG_VOWEL
                        || codePoint == HALFWIDTH_VOICED
                        || codePoint == HALFWIDTH_SEMI_VOICED);
    }

    private static boolean isMark(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK -> true;
            default -> false;
        };
    }

    private static boolean isPartOfWord(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.DECIMAL_DIGIT_NUMBER,
                    Character.LETTER_NUMBER,
                    Character.OTHER_NUMBER,
                    Character.PRIVATE_USE -> true;
            default -> Character.isLetter(codePoint) || isMark(codePoint);
        };
    }
}
