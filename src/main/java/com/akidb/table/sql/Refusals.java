package com.akidb.table.sql;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.text.Words;
import net.sf.jsqlparser.parser.ASTNodeAccess;
import net.sf.jsqlparser.parser.Token;

/** Says what is wrong with a query, and where if that is known. */
final class Refusals {

    static final String QUERY = "query";

    private static final int MOST_SHOWN = 40;

    private Refusals() {}

    /** What was read is not on the lists. */
    static InvalidInputException refused(Object read, String what) {
        Token token = read instanceof ASTNodeAccess node && node.getASTNode() != null
                ? node.getASTNode().jjtGetFirstToken()
                : null;
        return token == null ? refused("has " + shown(read) + ", which " + what) : at(token.absoluteBegin, what);
    }

    static InvalidInputException at(int character, String what) {
        return refused(", at character " + character + ", " + what);
    }

    static InvalidInputException refused(String what) {
        String glue = what.startsWith(",") ? "" : " ";
        return new InvalidInputException(ErrorCode.INVALID_ARGUMENT, QUERY + glue + what, QUERY);
    }

    /** A caller's words, short and clean enough for a message. */
    static String shown(Object read) {
        return "'" + Words.shown(String.valueOf(read), MOST_SHOWN) + "'";
    }
}
