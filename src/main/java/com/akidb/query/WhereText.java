package com.akidb.query;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.text.Words;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import net.sf.jsqlparser.parser.CCJSqlParser;
import net.sf.jsqlparser.parser.CCJSqlParserConstants;
import net.sf.jsqlparser.parser.CCJSqlParserUtil;
import net.sf.jsqlparser.parser.Token;
import net.sf.jsqlparser.parser.TokenMgrException;
import org.jspecify.annotations.Nullable;

/**
 * A condition as text, and the places in it.
 *
 * @param field path of the text in the request
 */
record WhereText(String text, String field) {

    private static final Set<String> SIGNS =
            Set.of("(", ")", ",", ".", "?", "=", "!=", "<>", "<", "<=", ">", ">=", "-", "+");

    /**
     * Looks at the words and signs before anything is parsed: what the grammar of the conditions has no use for is
     * refused, and so is nesting that would cost the parser more than it is worth.
     */
    void check() {
        if (text.length() > WhereTextParser.MAX_TEXT) {
            throw Place.of(field)
                    .invalid(
                            ErrorCode.OUT_OF_RANGE,
                            "must be at most " + WhereTextParser.MAX_TEXT + " characters, got " + text.length());
        }
        if (text.isBlank()) {
            throw unexpected(null);
        }
        CCJSqlParser lexer = CCJSqlParserUtil.newParser(text);
        Levels levels = new Levels();
        int end = 0;
        boolean afterParam = false;
        try {
            for (Token token = lexer.getNextToken();
                    token.kind != CCJSqlParserConstants.EOF;
                    token = lexer.getNextToken()) {
                // A number behind ? would be its index, as other dialects have it.
                if (!isAllowed(token.image) || (afterParam && Character.isDigit(token.image.charAt(0)))) {
                    throw unexpected(token);
                }
                FilterLimits.textDepth(levels.after(token.image), place(token));
                end = token.absoluteEnd - 1;
                afterParam = token.image.equals("?");
            }
        } catch (TokenMgrException e) {
            throw unreadable(end);
        }
    }

    private static boolean isAllowed(String image) {
        char first = image.charAt(0);
        if (Character.isLetter(first) || first == '_') {
            // N'...' and its like are strings of other alphabets; 'case' nests without parentheses.
            return image.indexOf('\'') < 0 && !image.equalsIgnoreCase("case");
        }
        boolean number = Character.isDigit(first) || (first == '.' && image.length() > 1);
        return number || first == '\'' || first == '"' || first == '`' || SIGNS.contains(image);
    }

    /** How deep parentheses and {@code not} nest, and the parts of names. */
    private static final class Levels {

        private final Deque<Integer> open = new ArrayDeque<>();
        private int depth = 1;
        private int negations;
        private int parts;
        private boolean afterDot;

        int after(String image) {
            boolean dot = image.equals(".");
            parts = dot ? parts + 1 : afterDot ? parts : 0;
            afterDot = dot;
            return Math.max(parts, nesting(image));
        }

        private int nesting(String image) {
            if (image.equalsIgnoreCase("not")) {
                negations++;
                return depth + negations;
            }
            if (image.equals("(")) {
                open.push(negations + 1);
                depth += negations + 1;
            } else if (image.equals(")") && !open.isEmpty()) {
                depth -= open.pop();
            }
            negations = 0;
            return depth;
        }
    }

    /** What stands behind a character cannot be read at all. */
    private InvalidInputException unreadable(int end) {
        int start = end;
        while (start < text.length() && Character.isWhitespace(text.charAt(start))) {
            start++;
        }
        boolean opens = start < text.length() && "'\"`/".indexOf(text.charAt(start)) >= 0;
        return at(start + 1)
                .invalid(
                        ErrorCode.INVALID_ARGUMENT,
                        opens ? "begins something that does not end" : "has a character that is not allowed here");
    }

    /** The parser met what it cannot use. */
    InvalidInputException unexpected(@Nullable Token token) {
        if (token == null || token.kind == CCJSqlParserConstants.EOF) {
            return Place.of(field)
                    .invalid(
                            ErrorCode.INVALID_ARGUMENT,
                            text.isBlank() ? "must be a condition, such as 'area = ?'" : "ends too early");
        }
        return place(token)
                .invalid(
                        ErrorCode.INVALID_ARGUMENT,
                        "has '" + Words.shown(token.image) + "', which is not allowed here");
    }

    Place place(Token token) {
        return at(token.absoluteBegin);
    }

    /** A place by its UTF-16 unit, counted from 1; people see it in characters. */
    Place at(int unit) {
        int units = Math.clamp(unit - 1L, 0, text.length());
        return Place.inText(field, text.codePointCount(0, units) + 1);
    }
}
