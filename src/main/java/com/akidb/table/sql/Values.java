package com.akidb.table.sql;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.table.Timestamps;
import com.akidb.text.Unicode;
import com.akidb.vector.VectorCodec;
import java.math.BigInteger;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.List;
import net.sf.jsqlparser.expression.BooleanValue;
import net.sf.jsqlparser.expression.DoubleValue;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.JdbcParameter;
import net.sf.jsqlparser.expression.LongValue;
import net.sf.jsqlparser.expression.NullValue;
import net.sf.jsqlparser.expression.StringValue;
import org.jspecify.annotations.Nullable;

/** The values of a query: literals and params. */
final class Values {

    private final List<? extends @Nullable Object> params;
    private final BitSet used = new BitSet();

    Values(List<? extends @Nullable Object> params) {
        this.params = params;
    }

    static boolean isValue(Expression expression) {
        return expression instanceof JdbcParameter
                || expression instanceof StringValue
                || expression instanceof LongValue
                || expression instanceof DoubleValue
                || expression instanceof BooleanValue
                || expression instanceof NullValue;
    }

    /** The value as users wrote it: String, Long, Double, Boolean, {@code float[]} or null. */
    @Nullable
    Object read(Expression expression) {
        return switch (expression) {
            case JdbcParameter param when !param.isUseFixedIndex() -> param(param);
            case StringValue text
            when text.getPrefix() == null && "'".equals(text.getQuoteStr()) -> text.getNotExcapedValue();
            case LongValue number -> number(number);
            case DoubleValue number when Double.isFinite(number.getValue()) -> number.getValue();
            case BooleanValue truth -> truth.getValue();
            case NullValue nothing -> null;
            default -> throw Refusals.refused(expression, "is no value that is allowed here");
        };
    }

    private @Nullable Object param(JdbcParameter param) {
        int index = param.getIndex() - 1;
        if (index >= params.size()) {
            throw new InvalidInputException(
                    ErrorCode.MISSING_FIELD,
                    "params has " + params.size() + " values, and the query has more times ?",
                    "params");
        }
        used.set(index);
        return params.get(index);
    }

    void requireAllUsed() {
        if (used.cardinality() < params.size()) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT,
                    "params has " + params.size() + " values for " + used.cardinality() + " times ? in the query",
                    "params");
        }
    }

    private static Object number(LongValue number) {
        String digits = number.getStringValue();
        if (!digits.matches("\\d{1,400}")) {
            throw Refusals.refused(number, "is no number");
        }
        BigInteger whole = new BigInteger(digits);
        return whole.bitLength() < Long.SIZE ? (Object) whole.longValue() : (Object) whole.doubleValue();
    }

    /**
     * The value as the store keeps values of that kind.
     *
     * @param kind of what it is compared with
     */
    @Nullable
    Object stored(Expression expression, Kind kind) {
        return switch (read(expression)) {
            case Boolean truth when kind == Kind.INSIDE_JSON -> new byte[] {(byte) (truth ? 1 : 0)};
            case Boolean truth -> truth ? 1L : 0L;
            case String text when kind == Kind.TIMESTAMP -> micros(Timestamps.parse(text, field(expression)));
            case String text -> wellFormed(text, expression);
            case float[] vector -> VectorCodec.encode(vector);
            case null -> null;
            case Object other -> other;
        };
    }

    static String field(Expression expression) {
        return expression instanceof JdbcParameter param ? "params[" + (param.getIndex() - 1) + "]" : Refusals.QUERY;
    }

    private static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    private static String wellFormed(String text, Expression expression) {
        if (!Unicode.isWellFormed(text)) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT, field(expression) + " has half of a surrogate pair", field(expression));
        }
        return text;
    }
}
