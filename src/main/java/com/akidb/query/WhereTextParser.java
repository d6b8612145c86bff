package com.akidb.query;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.parser.CCJSqlParser;
import net.sf.jsqlparser.parser.CCJSqlParserConstants;
import net.sf.jsqlparser.parser.CCJSqlParserUtil;
import net.sf.jsqlparser.parser.ParseException;
import net.sf.jsqlparser.parser.Token;
import org.jspecify.annotations.Nullable;

/**
 * Reads conditions written as SQL has them, such as {@code quality_score >= ? and language in (?, ?)}:
 *
 * <ul>
 *   <li>comparisons of a column with a value by {@code = != <> < <= > >=};
 *   <li>{@code [not] in (...)}, {@code [not] like}, {@code [not] between ... and ...}, {@code is [not] null};
 *   <li>{@code and}, {@code or}, {@code not} and parentheses.
 * </ul>
 *
 * A value is {@code ?}, a number, {@code 'a string'}, {@code true} or {@code false}. A column may be quoted,
 * {@code "so"}, and dotted. Nothing else is allowed: no functions, no columns on the right, no subqueries. The limits are
 * those of {@link FilterParser}; parentheses and {@code not} count as levels. Every error names the character to blame.
 */
public final class WhereTextParser {

    static final int MAX_TEXT = 250_000;

    private final List<Object> params;
    private final String field;
    private final FieldResolver fields;
    private final FilterLimits limits;

    /**
     * A parser of one text.
     *
     * @param params values of the {@code ?}, as a {@link Predicate} holds them
     */
    WhereTextParser(List<Object> params, String field, FieldResolver fields, FilterLimits limits) {
        this.params = params;
        this.field = field;
        this.fields = fields;
        this.limits = limits;
    }

    /**
     * Reads a condition.
     *
     * @param params the values of the {@code ?} in their order: strings, booleans, numbers or instants
     * @param field path in the request of the object with the text; {@code field.text} and {@code field.params[i]} are
     *     blamed
     * @param fields what the names in it stand for
     * @throws InvalidInputException if it is not such a condition
     */
    public static Predicate parse(
            String text, List<? extends @Nullable Object> params, String field, FieldResolver fields) {
        List<Object> values = new ArrayList<>(params.size());
        for (int i = 0; i < params.size(); i++) {
            values.add(FilterValues.scalar(params.get(i), Place.of(field + ".params[" + i + "]")));
        }
        return new WhereTextParser(values, field, fields, new FilterLimits()).parse(text);
    }

    Predicate parse(String text) {
        WhereText source = new WhereText(text, field + ".text");
        source.check();
        WhereConditions conditions = new WhereConditions(source, params, field + ".params", fields, limits);
        Predicate predicate = conditions.read(expression(source));
        conditions.requireAllParamsUsed();
        return predicate;
    }

    private static Expression expression(WhereText source) {
        CCJSqlParser parser = CCJSqlParserUtil.newParser(source.text());
        try {
            Expression expression = parser.Expression();
            Token next = parser.getNextToken();
            if (next.kind != CCJSqlParserConstants.EOF) {
                throw source.unexpected(next);
            }
            return expression;
        } catch (ParseException e) {
            throw source.unexpected(e.currentToken == null ? null : e.currentToken.next);
        } catch (ClassCastException e) {
            // The parser takes an old sign of a join for one of JSON; neither is a condition.
            throw source.unexpected(null);
        } catch (StackOverflowError e) {
            // Words that nest without parentheses; the parser keeps nothing that this could have left half-done.
            throw source.at(1).invalid(ErrorCode.OUT_OF_RANGE, "begins something that is nested too deep");
        }
    }
}
