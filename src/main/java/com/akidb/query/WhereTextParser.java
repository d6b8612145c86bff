package com.akidb.query;

import com.akidb.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads conditions written as SQL has them, such as {@code quality_score >= ? and language in (?, ?)}:
 *
 * <ul>
 *   <li>comparisons of a column with a value by {@code = != <> < <= > >=};
 *   <li>{@code [not] in (...)}, {@code [not] like}, {@code [not] between ... and ...}, {@code is [not] null};
 *   <li>{@code [not] contains value}, {@code [not] contains any (...)}, {@code [not] contains all (...)};
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
    private final String paramsField;
    private final FieldResolver fields;
    private final FilterLeaves leaves;
    private final FilterLimits limits;
    private String text = "";
    private int used;

    /**
     * A parser of one text.
     *
     * @param params values of the {@code ?}, as a {@link Predicate} holds them
     */
    WhereTextParser(List<Object> params, String field, FieldResolver fields, FilterLimits limits) {
        this.params = params;
        this.field = field + ".text";
        this.paramsField = field + ".params";
        this.fields = fields;
        this.leaves = new FilterLeaves(fields);
        this.limits = limits;
    }

    /**
     * Reads a condition.
     *
     * @param params the values of the {@code ?} in their order: strings, booleans, numbers or instants
     * @param field path in the request of the object with the text; {@code field.text} and {@code field.params[i]} are
     *     blamed
     * @param fields what the names in it stand for
     * @throws com.akidb.error.InvalidInputException if it is not such a condition
     */
    public static Predicate parse(
            String text, List<? extends @Nullable Object> params, String field, FieldResolver fields) {
        List<Object> values = new ArrayList<>(params.size());
        for (int i = 0; i < params.size(); i++) {
            values.add(FilterValues.scalar(params.get(i), Place.of(field + ".params[" + i + "]")));
        }
        return new WhereTextParser(values, field, fields, new FilterLimits()).parse(text);
    }

    Predicate parse(String written) {
        if (written.length() > MAX_TEXT) {
            throw Place.of(field)
                    .invalid(
                            ErrorCode.OUT_OF_RANGE,
                            "must be at most " + MAX_TEXT + " characters, got " + written.length());
        }
        if (written.isBlank()) {
            throw Place.of(field).invalid("must be a condition, such as 'area = ?'");
        }
        text = written;
        Predicate predicate = read(SqlReader.condition(written, field));
        if (used < params.size()) {
            throw Place.of(paramsField)
                    .invalid("has " + params.size() + " values for " + used + " times ? in the text");
        }
        return predicate;
    }

    private Predicate read(Syntax syntax) {
        return switch (syntax) {
            case Syntax.Chain(int _, boolean all, List<Syntax> terms) -> {
                List<Predicate> read = terms.stream().map(this::read).toList();
                yield all ? new Predicate.And(read) : new Predicate.Or(read);
            }
            case Syntax.Unary(int _, String operator, Syntax operand)
            when operator.equals("not") -> new Predicate.Not(read(operand));
            case Syntax.Binary binary -> comparison(binary);
            case Syntax.In in -> in(in);
            case Syntax.Like like -> like(like);
            case Syntax.Between between -> between(between);
            case Syntax.Contains contains -> contains(contains);
            case Syntax.IsNull(int _, Syntax value, boolean not) -> negated(not, new Predicate.IsNull(column(value)));
            case Syntax.Case cases -> throw place(cases).invalid("has 'case', which is not allowed here");
            default -> throw place(syntax).invalid("is not a condition that is allowed here");
        };
    }

    private Predicate comparison(Syntax.Binary binary) {
        Predicate.Operator operator = switch (binary.operator()) {
            case "=" -> Predicate.Operator.EQUAL;
            case "!=", "<>" -> Predicate.Operator.NOT_EQUAL;
            case "<" -> Predicate.Operator.LESS;
            case "<=" -> Predicate.Operator.LESS_OR_EQUAL;
            case ">" -> Predicate.Operator.GREATER;
            case ">=" -> Predicate.Operator.GREATER_OR_EQUAL;
            default -> throw place(binary).invalid("is not a condition that is allowed here");
        };
        return compare(column(binary.left()), operator, binary.right());
    }

    private Predicate compare(FieldPath column, Predicate.Operator operator, Syntax value) {
        Value read = value(value);
        return leaves.compare(column, operator, read.constant(), read.place());
    }

    private Predicate in(Syntax.In in) {
        FieldPath column = column(in.value());
        if (!(in.choices() instanceof Syntax.Row list)) {
            throw place(in.choices()).invalid("must be a list of values in parentheses");
        }
        return negated(in.not(), new Predicate.In(column, constants(column, list)));
    }

    private List<Object> constants(FieldPath column, Syntax.Row list) {
        limits.values(list.items().size(), place(list));
        List<Object> constants = new ArrayList<>(list.items().size());
        for (Syntax item : list.items()) {
            Value value = value(item);
            constants.add(leaves.constant(column, value.constant(), value.place()));
        }
        return constants;
    }

    private Predicate like(Syntax.Like like) {
        if (!like.plain()) {
            throw place(like).invalid("must be plain 'like'; its escape is always a backslash");
        }
        FieldPath column = column(like.value());
        Value pattern = value(like.pattern());
        return negated(like.not(), leaves.like(column, pattern.constant(), pattern.place()));
    }

    private Predicate between(Syntax.Between between) {
        FieldPath column = column(between.value());
        Predicate low = compare(column, Predicate.Operator.GREATER_OR_EQUAL, between.low());
        Predicate high = compare(column, Predicate.Operator.LESS_OR_EQUAL, between.high());
        return negated(between.not(), new Predicate.And(List.of(low, high)));
    }

    private Predicate contains(Syntax.Contains contains) {
        FieldPath column = column(contains.value());
        Predicate.Quantifier quantifier =
                contains.quantifier().equals("all") ? Predicate.Quantifier.ALL : Predicate.Quantifier.ANY;
        List<Object> wanted;
        if (contains.wanted() instanceof Syntax.Row list
                && !contains.quantifier().isEmpty()) {
            limits.values(list.items().size(), place(list));
            wanted = list.items().stream().map(item -> value(item).constant()).toList();
        } else {
            wanted = List.of(value(contains.wanted()).constant());
        }
        return negated(contains.not(), leaves.contains(column, quantifier, wanted, place(contains)));
    }

    private static Predicate negated(boolean not, Predicate predicate) {
        return not ? new Predicate.Not(predicate) : predicate;
    }

    /** The column on the left of a condition, which is counted. */
    private FieldPath column(Syntax left) {
        limits.condition(place(left));
        if (!(left instanceof Syntax.Name name) || name.dotted(0).isEmpty()) {
            throw place(left).invalid("must be the name of a column");
        }
        return fields.resolve(name.dotted(0), field);
    }

    /**
     * A value.
     *
     * @param place what to blame if it does not fit
     */
    private record Value(Object constant, Place place) {}

    /** Reads a value; to be called from left to right. */
    private Value value(Syntax syntax) {
        Place place = place(syntax);
        return switch (syntax) {
            case Syntax.Literal(int _, var value) -> new Value(FilterValues.scalar(value, place), place);
            case Syntax.Param(int _, int index) -> {
                if (index >= params.size()) {
                    throw place.invalid(ErrorCode.MISSING_FIELD, "has a ? for which " + paramsField + " has no value");
                }
                used = Math.max(used, index + 1);
                yield new Value(params.get(index), Place.of(paramsField + "[" + index + "]"));
            }
            default -> throw place.invalid("must be a value: ?, a number, 'a string', true or false");
        };
    }

    private Place place(Syntax syntax) {
        return Place.inText(field, text, syntax.at());
    }
}
