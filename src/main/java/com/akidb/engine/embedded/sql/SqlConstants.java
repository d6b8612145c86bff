package com.akidb.engine.embedded.sql;

import com.akidb.engine.ColumnType;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.query.Predicate.Operator;
import com.akidb.text.Unicode;
import java.time.Instant;
import java.util.Optional;

/**
 * Constants of predicates as SQLite compares them with a column. Numbers are brought to the column's own type without
 * rounding, so that an index over the column compares exactly too.
 */
final class SqlConstants {

    private static final double TWO_TO_63 = 0x1p63;

    private SqlConstants() {}

    /**
     * A comparison with a constant of the column's type.
     *
     * @param value the constant; a Boolean if all values of the column satisfy it, or none does
     */
    record Bound(Operator operator, Object value) {}

    /** What a value of the field is if it equals the constant; empty if none can. */
    static Optional<Object> equal(SqlField field, Object constant) {
        if (field.isJson()) {
            return switch (constant) {
                case Boolean flag -> Optional.of(SqlFunctions.flag(flag));
                case Instant _ -> Optional.empty();
                case String text -> text(text);
                default -> Optional.of(constant);
            };
        }
        return switch (field.type()) {
            case STRING -> constant instanceof String text ? text(text) : Optional.empty();
            case BOOL -> constant instanceof Boolean flag ? Optional.of(flag ? 1 : 0) : Optional.empty();
            case TIMESTAMP -> constant instanceof Instant instant ? Optional.of(micros(instant)) : Optional.empty();
            case INT ->
                switch (constant) {
                    case Long _ -> Optional.of(constant);
                    case Double number
                    when number >= -TWO_TO_63 && number < TWO_TO_63 && number == Math.rint(number) ->
                        Optional.of(number.longValue());
                    default -> Optional.empty();
                };
            case FLOAT ->
                switch (constant) {
                    case Double _ -> Optional.of(constant);
                    case Long number when compare(number, (double) number) == 0 -> Optional.of((double) number);
                    default -> Optional.empty();
                };
            case JSON, VECTOR -> throw new IllegalArgumentException("no scalar: " + field.type());
        };
    }

    /** An order in terms of the column's type; empty if values of the column are not ordered against the constant. */
    static Optional<Bound> bound(ColumnType type, Operator operator, Object constant) {
        return switch (type) {
            case STRING -> constant instanceof String ? Optional.of(new Bound(operator, constant)) : Optional.empty();
            case TIMESTAMP ->
                constant instanceof Instant instant
                        ? Optional.of(new Bound(operator, micros(instant)))
                        : Optional.empty();
            case INT ->
                switch (constant) {
                    case Long _ -> Optional.of(new Bound(operator, constant));
                    case Double number -> Optional.of(whole(operator, number));
                    default -> Optional.empty();
                };
            case FLOAT ->
                switch (constant) {
                    case Double _ -> Optional.of(new Bound(operator, constant));
                    case Long number -> Optional.of(real(operator, number));
                    default -> Optional.empty();
                };
            case BOOL -> Optional.empty();
            case JSON, VECTOR -> throw new IllegalArgumentException("no scalar: " + type);
        };
    }

    /** No value equals a text with half of a surrogate pair, since none is stored. */
    private static Optional<Object> text(String text) {
        return Unicode.isWellFormed(text) ? Optional.of(text) : Optional.empty();
    }

    /** Integers against a double. */
    private static Bound whole(Operator operator, double number) {
        boolean less = operator == Operator.LESS || operator == Operator.LESS_OR_EQUAL;
        if (number >= TWO_TO_63) {
            return new Bound(operator, less);
        }
        if (number < -TWO_TO_63) {
            return new Bound(operator, !less);
        }
        double floor = Math.floor(number);
        if (floor == number) {
            return new Bound(operator, (long) floor);
        }
        return new Bound(less ? Operator.LESS_OR_EQUAL : Operator.GREATER, (long) floor);
    }

    /** Doubles against an integer, which may lie between two of them. */
    private static Bound real(Operator operator, long number) {
        double nearest = number;
        boolean less = operator == Operator.LESS || operator == Operator.LESS_OR_EQUAL;
        int sign = compare(number, nearest);
        if (sign == 0) {
            return new Bound(operator, nearest);
        }
        if (sign > 0) {
            return new Bound(less ? Operator.LESS_OR_EQUAL : Operator.GREATER, nearest);
        }
        return new Bound(less ? Operator.LESS : Operator.GREATER_OR_EQUAL, nearest);
    }

    /** The integer against its nearest double, exactly. */
    private static int compare(long number, double nearest) {
        return nearest >= TWO_TO_63 ? -1 : Long.compare(number, (long) nearest);
    }

    private static long micros(Instant instant) {
        try {
            return ColumnValues.micros(instant);
        } catch (ArithmeticException e) {
            throw new InvalidInputException(
                    ErrorCode.OUT_OF_RANGE, "A time in the filter is too far from 1970 to be compared", "filter");
        }
    }
}
