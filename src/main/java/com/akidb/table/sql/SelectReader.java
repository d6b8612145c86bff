package com.akidb.table.sql;

import com.akidb.error.InvalidInputException;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.parser.CCJSqlParser;
import net.sf.jsqlparser.parser.CCJSqlParserConstants;
import net.sf.jsqlparser.parser.CCJSqlParserUtil;
import net.sf.jsqlparser.parser.ParseException;
import net.sf.jsqlparser.parser.Token;
import net.sf.jsqlparser.parser.TokenMgrException;
import net.sf.jsqlparser.statement.Statement;
import net.sf.jsqlparser.statement.select.PlainSelect;
import org.jspecify.annotations.Nullable;

/** Parses a query, one plain select and nothing behind it, or an expression. */
final class SelectReader {

    static final int MOST_CHARACTERS = 50_000;
    private static final int MOST_LEVELS = 32;

    private SelectReader() {}

    static PlainSelect read(String query) {
        Statement statement = read(query, "a select", MOST_CHARACTERS, parser -> {
            Statement read = parser.Statement();
            if (parser.getToken(1).image.equals(";")) {
                parser.getNextToken();
            }
            return read;
        });
        if (!(statement instanceof PlainSelect select)) {
            throw Refusals.refused("must be one plain select; nothing else is allowed here");
        }
        return select;
    }

    /** Parses one expression and nothing behind it. */
    static Expression expression(String text, int mostCharacters) {
        return read(text, "an expression", mostCharacters, CCJSqlParser::Expression);
    }

    private interface Production<T> {
        T parse(CCJSqlParser parser) throws ParseException;
    }

    private static <T> T read(String text, String what, int mostCharacters, Production<T> production) {
        if (text.isBlank()) {
            throw Refusals.refused("must be " + what);
        }
        if (text.length() > mostCharacters) {
            throw Refusals.refused("must be at most " + mostCharacters + " characters, got " + text.length());
        }
        try {
            requireFlat(text);
            CCJSqlParser parser = CCJSqlParserUtil.newParser(text);
            T read = production.parse(parser);
            Token next = parser.getNextToken();
            if (next.kind != CCJSqlParserConstants.EOF) {
                throw unexpected(next);
            }
            return read;
        } catch (ParseException e) {
            throw unexpected(e.currentToken == null ? null : e.currentToken.next);
        } catch (TokenMgrException e) {
            throw Refusals.refused("has something that is no SQL, such as a quote that does not end");
        } catch (StackOverflowError e) {
            // Words that nest without parentheses; the parser keeps nothing that this could have left half-done.
            throw Refusals.refused("is nested too deep");
        }
    }

    /**
     * Looks at the nesting before the parser, for which deep nesting is more work than it is worth. A word again and
     * again, such as {@code not}, nests too.
     */
    private static void requireFlat(String query) throws ParseException {
        CCJSqlParser lexer = CCJSqlParserUtil.newParser(query);
        int depth = 0;
        int repeated = 0;
        String before = "";
        for (Token token = lexer.getNextToken();
                token.kind != CCJSqlParserConstants.EOF;
                token = lexer.getNextToken()) {
            boolean opens = token.image.equals("(") || token.image.equalsIgnoreCase("case");
            boolean closes = token.image.equals(")") || token.image.equalsIgnoreCase("end");
            depth = Math.max(0, depth + (opens ? 1 : 0) - (closes ? 1 : 0));
            repeated = token.image.equalsIgnoreCase(before) ? repeated + 1 : 0;
            before = token.image;
            if (depth > MOST_LEVELS || repeated > MOST_LEVELS) {
                throw Refusals.at(
                        token.absoluteBegin, "is nested too deep; at most " + MOST_LEVELS + " levels are allowed");
            }
        }
    }

    private static InvalidInputException unexpected(@Nullable Token token) {
        return token == null || token.kind == CCJSqlParserConstants.EOF
                ? Refusals.refused("ends too early")
                : Refusals.at(
                        token.absoluteBegin, "has " + Refusals.shown(token.image) + ", which is not allowed here");
    }
}
