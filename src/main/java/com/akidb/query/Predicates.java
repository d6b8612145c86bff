package com.akidb.query;

import com.akidb.query.Expression.Call;
import com.akidb.query.Expression.Column;
import com.akidb.query.Expression.Constant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Between conditions as expressions and predicates, which say less. */
public final class Predicates {

    private Predicates() {}

    /**
     * The predicate that says the same about the rows of a source; null if none does, since predicates compare single values
     * with constants and nothing else.
     */
    public static @Nullable Predicate of(Expression condition) {
        return switch (condition) {
            case Column column when column.kind() == Kind.BOOL -> compare(column, Predicate.Operator.EQUAL, true);
            case Call call -> of(call);
            default -> null;
        };
    }

    private static @Nullable Predicate of(Call call) {
        List<Expression> arguments = call.arguments();
        return switch (call.function()) {
            case AND, OR -> {
                List<Predicate> terms = new ArrayList<>();
                for (Expression argument : arguments) {
                    Predicate term = of(argument);
                    if (term == null) {
                        yield null;
                    }
                    terms.add(term);
                }
                yield call.function() == Function.AND ? new Predicate.And(terms) : new Predicate.Or(terms);
            }
            case NOT -> {
                Predicate term = of(arguments.getFirst());
                yield term == null ? null : new Predicate.Not(term);
            }
            case EQUAL -> compare(arguments, Predicate.Operator.EQUAL, Predicate.Operator.EQUAL);
            case NOT_EQUAL -> compare(arguments, Predicate.Operator.NOT_EQUAL, Predicate.Operator.NOT_EQUAL);
            case LESS -> compare(arguments, Predicate.Operator.LESS, Predicate.Operator.GREATER);
            case LESS_OR_EQUAL ->
                compare(arguments, Predicate.Operator.LESS_OR_EQUAL, Predicate.Operator.GREATER_OR_EQUAL);
            case GREATER -> compare(arguments, Predicate.Operator.GREATER, Predicate.Operator.LESS);
            case GREATER_OR_EQUAL ->
                compare(arguments, Predicate.Operator.GREATER_OR_EQUAL, Predicate.Operator.LESS_OR_EQUAL);
            case BETWEEN -> {
                List<Object> bounds = constants(arguments);
                yield bounds == null
                        ? null
                        : new Predicate.And(List.of(
                                compare(field(arguments), Predicate.Operator.GREATER_OR_EQUAL, bounds.getFirst()),
                                compare(field(arguments), Predicate.Operator.LESS_OR_EQUAL, bounds.getLast())));
            }
            case IN -> {
                List<Object> values = constants(arguments);
                yield values == null ? null : new Predicate.In(path(field(arguments)), values);
            }
            case LIKE -> {
                List<Object> pattern = constants(arguments);
                yield pattern == null ? null : new Predicate.Like(path(field(arguments)), (String) pattern.getFirst());
            }
            case CONTAINS_ANY, CONTAINS_ALL -> {
                List<Object> values = constants(arguments);
                yield values == null
                        ? null
                        : new Predicate.Contains(
                                path(field(arguments)),
                                call.function() == Function.CONTAINS_ALL
                                        ? Predicate.Quantifier.ALL
                                        : Predicate.Quantifier.ANY,
                                values);
            }
            case IS_NULL ->
                arguments.getFirst() instanceof Column column && column.kind() != Kind.VECTOR
                        ? new Predicate.IsNull(path(column))
                        : null;
            default -> null;
        };
    }

    private static @Nullable Predicate compare(
            List<Expression> sides, Predicate.Operator operator, Predicate.Operator flipped) {
        if (sides.getFirst() instanceof Column column && sides.getLast() instanceof Constant(var value)) {
            return value == null ? null : compare(column, operator, value);
        }
        return sides.getLast() instanceof Column column && sides.getFirst() instanceof Constant(var value)
                ? value == null ? null : compare(column, flipped, value)
                : null;
    }

    private static Predicate compare(Column column, Predicate.Operator operator, Object value) {
        return new Predicate.Compare(path(column), operator, value);
    }

    private static Column field(List<Expression> arguments) {
        return (Column) arguments.getFirst();
    }

    /** The constants behind a column; null if there are other expressions, or null among them. */
    private static @Nullable List<Object> constants(List<Expression> arguments) {
        if (!(arguments.getFirst() instanceof Column)) {
            return null;
        }
        List<Object> values = new ArrayList<>();
        for (Expression argument : arguments.subList(1, arguments.size())) {
            if (!(argument instanceof Constant(var value)) || value == null) {
                return null;
            }
            values.add(value);
        }
        return values;
    }

    private static FieldPath path(Column column) {
        return new FieldPath(column.column(), column.path());
    }

    /**
     * The condition that a predicate is.
     *
     * @param kinds what the fields hold
     */
    public static Expression expression(Predicate predicate, java.util.function.Function<FieldPath, Kind> kinds) {
        return switch (predicate) {
            case Predicate.And(List<Predicate> terms) -> chain(Function.AND, terms, kinds);
            case Predicate.Or(List<Predicate> terms) -> chain(Function.OR, terms, kinds);
            case Predicate.Not(Predicate term) -> Call.of(Function.NOT, expression(term, kinds));
            case Predicate.Compare(FieldPath field, Predicate.Operator operator, Object value) ->
                Call.of(Function.valueOf(operator.name()), column(field, kinds), new Constant(value));
            case Predicate.In(FieldPath field, List<Object> values) -> with(Function.IN, column(field, kinds), values);
            case Predicate.Like(FieldPath field, String pattern) ->
                Call.of(Function.LIKE, column(field, kinds), new Constant(pattern));
            case Predicate.Contains(FieldPath field, Predicate.Quantifier quantifier, List<Object> values) ->
                with(
                        quantifier == Predicate.Quantifier.ALL ? Function.CONTAINS_ALL : Function.CONTAINS_ANY,
                        column(field, kinds),
                        values);
            case Predicate.IsNull(FieldPath field) -> Call.of(Function.IS_NULL, column(field, kinds));
        };
    }

    private static Expression chain(
            Function function, List<Predicate> terms, java.util.function.Function<FieldPath, Kind> kinds) {
        return new Call(
                function,
                false,
                terms.stream().map(term -> expression(term, kinds)).toList());
    }

    private static Expression with(Function function, Column column, List<Object> values) {
        List<Expression> arguments = new ArrayList<>();
        arguments.add(column);
        values.forEach(value -> arguments.add(new Constant(value)));
        return new Call(function, false, arguments);
    }

    private static Column column(FieldPath field, java.util.function.Function<FieldPath, Kind> kinds) {
        return new Column(0, field.column(), field.path(), kinds.apply(field));
    }
}
