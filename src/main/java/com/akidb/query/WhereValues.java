package com.akidb.query;

import com.akidb.error.ErrorCode;
import java.math.BigInteger;
import java.util.List;
import net.sf.jsqlparser.expression.BooleanValue;
import net.sf.jsqlparser.expression.DoubleValue;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.JdbcParameter;
import net.sf.jsqlparser.expression.LongValue;
import net.sf.jsqlparser.expression.NullValue;
import net.sf.jsqlparser.expression.SignedExpression;
import net.sf.jsqlparser.expression.StringValue;

/** The values in a condition: literals, and the {@code ?} in their order. */
final class WhereValues {

    /** More than any whole number within 64 bits has; longer ones are floating-point numbers. */
    private static final int MOST_DIGITS = 20;

    private final WhereText source;
    private final List<Object> params;
    private final String paramsField;
    private int used;

    WhereValues(WhereText source, List<Object> params, String paramsField) {
        this.source = source;
        this.params = params;
        this.paramsField = paramsField;
    }

    /**
     * A value.
     *
     * @param place what to blame if it does not fit
     */
    record Value(Object constant, Place place) {}

    /** Reads a value; to be called from left to right. */
    Value read(Expression expression) {
        Place place = WhereConditions.place(source, expression);
        return switch (expression) {
            case JdbcParameter parameter when !parameter.isUseFixedIndex() -> param(place);
            case StringValue text when text.getPrefix() == null -> new Value(text.getNotExcapedValue(), place);
            case BooleanValue truth -> new Value(truth.getValue(), place);
            case LongValue number -> number(number.getStringValue(), place);
            case DoubleValue number -> number(number.toString(), place);
            case SignedExpression signed
            when signed.getExpression() instanceof LongValue number ->
                number(signed.getSign() + number.getStringValue(), place);
            case SignedExpression signed
            when signed.getExpression() instanceof DoubleValue number ->
                number(signed.getSign() + number.toString(), place);
            case NullValue nothing -> new Value(FilterValues.scalar(null, place), place);
            default ->
                throw place.invalid(
                        ErrorCode.INVALID_ARGUMENT, "must be a value: ?, a number, 'a string', true or false");
        };
    }

    private Value param(Place place) {
        if (used == params.size()) {
            throw place.invalid(ErrorCode.MISSING_FIELD, "has a ? for which " + paramsField + " has no value");
        }
        Place param = Place.of(paramsField + "[" + used + "]");
        return new Value(params.get(used++), param);
    }

    private static Value number(String digits, Place place) {
        try {
            boolean whole = digits.length() <= MOST_DIGITS
                    && digits.chars().skip(1).allMatch(Character::isDigit)
                    && digits.charAt(0) != '.';
            Number number = whole ? new BigInteger(digits) : Double.valueOf(digits);
            return new Value(FilterValues.scalar(number, place), place);
        } catch (NumberFormatException e) {
            throw place.invalid(ErrorCode.INVALID_ARGUMENT, "must be a number");
        }
    }

    void requireAllUsed() {
        if (used < params.size()) {
            throw Place.of(paramsField)
                    .invalid(
                            ErrorCode.INVALID_ARGUMENT,
                            "has " + params.size() + " values for " + used + " times ? in the text");
        }
    }
}
