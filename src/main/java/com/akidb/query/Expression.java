package com.akidb.query;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A value that is computed of rows. What it means is for {@link Evaluator} to say. */
public sealed interface Expression {

    /** What it gives. */
    Kind kind();

    /**
     * A column of a source, or a place inside one.
     *
     * @param source number of the source in the whole select; 0 for the one row that an expression is computed of
     * @param column name of the table's column, or of the column of a select inside
     * @param path keys into a JSON column; empty for the column itself
     */
    record Column(int source, String column, List<String> path, Kind kind) implements Expression {
        public Column {
            path = List.copyOf(path);
        }
    }

    /** A String, Long, Double, Boolean, Instant or null. */
    record Constant(@Nullable Object value) implements Expression {

        @Override
        public Kind kind() {
            return switch (value) {
                case String _ -> Kind.STRING;
                case Long _, Double _ -> Kind.NUMBER;
                case Boolean _ -> Kind.BOOL;
                case Instant _ -> Kind.TIMESTAMP;
                case null, default -> Kind.ANY;
            };
        }
    }

    /**
     * A function of values.
     *
     * @param distinct for what is about several rows: whether equal values count once
     * @param arguments none for {@code count(*)}
     */
    record Call(Function function, boolean distinct, List<Expression> arguments) implements Expression {
        public Call {
            arguments = List.copyOf(arguments);
        }

        public static Call of(Function function, Expression... arguments) {
            return new Call(function, false, Arrays.asList(arguments));
        }

        @Override
        public Kind kind() {
            if (function.isCondition()) {
                return Kind.BOOL;
            }
            return switch (function) {
                case LOWER, UPPER, TRIM, LTRIM, RTRIM, SUBSTR, CONCAT, TO_TEXT -> Kind.STRING;
                case COALESCE, IFNULL -> common(arguments);
                case NULLIF, LEAST, GREATEST, MINIMUM, MAXIMUM ->
                    common(arguments) == Kind.JSON ? Kind.ANY : common(arguments);
                default -> Kind.NUMBER;
            };
        }
    }

    /**
     * The result of the first condition that holds.
     *
     * @param operand null, or what the conditions are compared with by {@code =}
     * @param otherwise if none holds; null for null
     */
    record Case(
            @Nullable Expression operand,
            List<When> whens,
            @Nullable Expression otherwise) implements Expression {
        public Case {
            whens = List.copyOf(whens);
        }

        public record When(Expression condition, Expression result) {}

        @Override
        public Kind kind() {
            List<Expression> results =
                    new ArrayList<>(whens.stream().map(When::result).toList());
            if (otherwise != null) {
                results.add(otherwise);
            }
            return common(results);
        }
    }

    /**
     * The score of a vector of a table under its column's metric; null without a vector.
     *
     * @param probe which of the query's vectors it is compared with
     */
    record Similarity(Column column, int probe) implements Expression {
        @Override
        public Kind kind() {
            return Kind.NUMBER;
        }
    }

    /** The one value of a select; null if it finds nothing. */
    record Scalar(Select select) implements Expression {
        @Override
        public Kind kind() {
            return select.items().getFirst().value().kind();
        }
    }

    /** Whether a value is one of those that a select finds. */
    record InSelect(Expression value, Select select) implements Expression {
        @Override
        public Kind kind() {
            return Kind.BOOL;
        }
    }

    /** Whether a select finds a row. */
    record Exists(Select select) implements Expression {
        @Override
        public Kind kind() {
            return Kind.BOOL;
        }
    }

    /** The kind of one of several; absent values are of every kind. */
    private static Kind common(List<Expression> oneOf) {
        Kind common = null;
        for (Expression each : oneOf) {
            boolean absent = each instanceof Constant(var value) && value == null;
            if (!absent) {
                common = common == null || common == each.kind() ? each.kind() : Kind.ANY;
            }
        }
        return common == null ? Kind.ANY : common;
    }
}
