package com.akidb.query;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The words and signs of a condition, an expression or a select as text. Comments ({@code -- to the end of the line},
 * {@code /* so *}{@code /}) are passed over.
 */
final class SqlTokens {

    /** Signs of more than one character, longest first. */
    private static final List<String> LONG_SIGNS =
            List.of("->>", "!=", "<>", "<=", ">=", "||", "&&", "::", "^=", "->", "<<", ">>");

    private static final String SIGNS = "(),.?=<>+-*/%;:!&|^~[]{}@$#\\";

    enum Kind {
        /** A name or keyword without quotes. */
        WORD,
        /** A name in {@code "quotes"} or {@code `quotes`}. */
        QUOTED,
        STRING,
        NUMBER,
        SIGN,
        /** What belongs together and means nothing here, such as {@code 12L} or {@code N'x'}. */
        OTHER,
        END
    }

    /**
     * A word or sign.
     *
     * @param text as written
     * @param value without quotes; a WORD in lower case
     * @param start of it in the text, in UTF-16 units
     */
    record Token(Kind kind, String text, String value, int start) {

        boolean is(String wordOrSign) {
            return (kind == Kind.WORD || kind == Kind.SIGN) && value.equals(wordOrSign);
        }

        boolean isName() {
            return kind == Kind.WORD || kind == Kind.QUOTED;
        }
    }

    private final String text;
    private final String field;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private SqlTokens(String text, String field) {
        this.text = text;
        this.field = field;
    }

    /**
     * Reads a text to its end.
     *
     * @param field of the request to blame
     * @return its tokens; the last is {@link Kind#END}
     */
    static List<Token> read(String text, String field) {
        SqlTokens reader = new SqlTokens(text, field);
        while (reader.next()) {
            // The token was added.
        }
        return reader.tokens;
    }

    private boolean next() {
        skipSpace();
        int start = at;
        if (at == text.length()) {
            tokens.add(new Token(Kind.END, "", "", at));
            return false;
        }
        char first = text.charAt(at);
        int point = text.codePointAt(at);
        if (isDigit(first) || (first == '.' && at + 1 < text.length() && isDigit(text.charAt(at + 1)))) {
            number();
        } else if (isNameStart(point)) {
            skipName();
            if (at < text.length() && text.charAt(at) == '\'') {
                quoted(at, '\'');
                add(Kind.OTHER, start, "");
            } else {
                add(Kind.WORD, start, text.substring(start, at).toLowerCase(Locale.ROOT));
            }
        } else if (first == '\'' || first == '"' || first == '`') {
            add(first == '\'' ? Kind.STRING : Kind.QUOTED, start, quoted(at, first));
        } else {
            sign(first);
        }
        return true;
    }

    private void add(Kind kind, int start, String value) {
        tokens.add(new Token(kind, text.substring(start, at), value, start));
    }

    private void skipSpace() {
        while (at < text.length()) {
            if (Character.isWhitespace(text.charAt(at))) {
                at++;
            } else if (text.startsWith("--", at)) {
                while (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
                    at++;
                }
            } else if (text.startsWith("/*", at)) {
                int end = text.indexOf("*/", at + 2);
                if (end < 0) {
                    throw openEnd(at);
                }
                at = end + 2;
            } else {
                return;
            }
        }
    }

    private void number() {
        int start = at;
        skipDigits();
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            skipDigits();
        }
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            int exponent = at + 1;
            if (exponent < text.length() && (text.charAt(exponent) == '+' || text.charAt(exponent) == '-')) {
                exponent++;
            }
            if (exponent < text.length() && isDigit(text.charAt(exponent))) {
                at = exponent;
                skipDigits();
            }
        }
        int end = at;
        skipName();
        add(at == end ? Kind.NUMBER : Kind.OTHER, start, text.substring(start, end));
    }

    private void skipDigits() {
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
    }

    private void skipName() {
        while (at < text.length()) {
            int point = text.codePointAt(at);
            if (!isNameStart(point) && !isDigit(point) && point != '$' && !Character.isUnicodeIdentifierPart(point)) {
                return;
            }
            at += Character.charCount(point);
        }
    }

    /** What stands between quotes; one inside them is written twice. */
    private String quoted(int start, char quote) {
        StringBuilder value = new StringBuilder();
        for (at = start + 1; at < text.length(); at++) {
            if (text.charAt(at) != quote) {
                value.append(text.charAt(at));
            } else if (at + 1 < text.length() && text.charAt(at + 1) == quote) {
                value.append(quote);
                at++;
            } else {
                at++;
                return value.toString();
            }
        }
        throw openEnd(start);
    }

    private void sign(char first) {
        int start = at;
        for (String sign : LONG_SIGNS) {
            if (text.startsWith(sign, at)) {
                at += sign.length();
                add(Kind.SIGN, start, sign);
                return;
            }
        }
        if (SIGNS.indexOf(first) < 0) {
            throw Place.inText(field, text, at)
                    .invalid(ErrorCode.INVALID_ARGUMENT, "has a character that is not allowed here");
        }
        at++;
        if (first == '@') {
            skipName();
        }
        add(Kind.SIGN, start, text.substring(start, at));
    }

    private static boolean isNameStart(int point) {
        return Character.isLetter(point) || point == '_' || Character.isUnicodeIdentifierStart(point);
    }

    private static boolean isDigit(int unit) {
        return unit >= '0' && unit <= '9';
    }

    private InvalidInputException openEnd(int start) {
        return Place.inText(field, text, start)
                .invalid(ErrorCode.INVALID_ARGUMENT, "begins something that does not end");
    }
}
