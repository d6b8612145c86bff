package com.akidb.query;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.Suggestion;
import com.akidb.text.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads filters from JSON. A filter is
 *
 * <ul>
 *   <li>a condition {@code {"column": "area", "operator": "=", "value": "north"}};
 *   <li>a list of filters, which must all hold;
 *   <li>{@code {"and": [...]}}, {@code {"or": [...]}} or {@code {"not": filter}};
 *   <li>{@code {"text": "area = ? and depth < ?", "params": ["north", 3]}}, see {@link WhereTextParser}.
 * </ul>
 *
 * The operators are those of {@link FilterOperator}. Lists and objects nest up to {@value FilterLimits#MAX_DEPTH} deep,
 * with at most {@value FilterLimits#MAX_CONDITIONS} conditions and {@value FilterLimits#MAX_VALUES} values of {@code in} in
 * all. Every error names the path to blame and what is allowed there.
 */
public final class FilterParser {

    private static final Set<String> CONDITION_KEYS = Set.of("column", "operator", "value");
    private static final Set<String> KEYS = Set.of("column", "operator", "value", "and", "or", "not", "text", "params");

    private final FieldResolver fields;
    private final FilterLeaves leaves;
    private final FilterLimits limits = new FilterLimits();

    private FilterParser(FieldResolver fields) {
        this.fields = fields;
        leaves = new FilterLeaves(fields);
    }

    /**
     * Reads a filter.
     *
     * @param field path of the filter in the request
     * @param fields what the names in it stand for
     * @throws InvalidInputException if it is not a filter
     */
    public static Predicate parse(JsonNode filter, String field, FieldResolver fields) {
        return new FilterParser(fields).filter(filter, field, 1);
    }

    /** Reads a filter whose names are columns; whether they exist is for the caller to check. */
    public static Predicate parse(JsonNode filter, String field) {
        return parse(filter, field, (name, where) -> FieldPath.column(name));
    }

    private Predicate filter(JsonNode node, String path, int depth) {
        FilterLimits.depth(depth, path);
        if (node.isArray()) {
            return new Predicate.And(terms(node, path, depth));
        }
        if (!node.isObject()) {
            throw invalid(
                    ErrorCode.WRONG_TYPE,
                    path,
                    "must be a condition {column, operator, value}, a list of them, or an object with one of 'and',"
                            + " 'or', 'not', 'text', not " + FilterValues.kind(node));
        }
        for (String name : node.propertyNames()) {
            if (!KEYS.contains(name)) {
                throw invalid(
                        ErrorCode.UNKNOWN_FIELD,
                        path + "." + Words.shown(name),
                        "is unknown; allowed are column, operator and value, or one of and, or, not, or text and params"
                                + Suggestion.hint(name, KEYS));
            }
        }
        for (String name : List.of("and", "or", "not")) {
            JsonNode inner = node.get(name);
            if (inner != null) {
                if (node.size() > 1) {
                    throw invalid(ErrorCode.INVALID_ARGUMENT, path, "must hold nothing beside '" + name + "'");
                }
                return combination(name, inner, path + "." + name, depth + 1);
            }
        }
        return node.has("text") || node.has("params") ? written(node, path, depth) : condition(node, path);
    }

    private Predicate written(JsonNode node, String path, int depth) {
        JsonNode text = node.get("text");
        if (text == null || !text.isString()) {
            throw invalid(
                    text == null ? ErrorCode.MISSING_FIELD : ErrorCode.WRONG_TYPE,
                    path + ".text",
                    "must be a condition as text, such as 'area = ?'");
        }
        for (String name : node.propertyNames()) {
            if (!name.equals("text") && !name.equals("params")) {
                throw invalid(ErrorCode.INVALID_ARGUMENT, path, "must hold nothing but text and params");
            }
        }
        JsonNode params = node.path("params");
        if (!params.isArray() && !params.isMissingNode()) {
            throw invalid(
                    ErrorCode.WRONG_TYPE,
                    path + ".params",
                    "must be a list of values, not " + FilterValues.kind(params));
        }
        List<Object> values = new ArrayList<>(params.size());
        for (int i = 0; i < params.size(); i++) {
            values.add(FilterValues.scalar(params.get(i), path + ".params[" + i + "]"));
        }
        return new WhereTextParser(values, path, fields, limits).parse(text.stringValue());
    }

    private Predicate combination(String name, JsonNode inner, String path, int depth) {
        if (name.equals("not")) {
            return new Predicate.Not(filter(inner, path, depth));
        }
        if (!inner.isArray()) {
            throw invalid(ErrorCode.WRONG_TYPE, path, "must be a list of filters, not " + FilterValues.kind(inner));
        }
        if (name.equals("and")) {
            return filter(inner, path, depth);
        }
        if (inner.isEmpty()) {
            throw invalid(ErrorCode.INVALID_ARGUMENT, path, "must hold at least one filter");
        }
        FilterLimits.depth(depth, path);
        return new Predicate.Or(terms(inner, path, depth));
    }

    private List<Predicate> terms(JsonNode list, String path, int depth) {
        List<Predicate> terms = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            terms.add(filter(list.get(i), path + "[" + i + "]", depth + 1));
        }
        return terms;
    }

    private Predicate condition(JsonNode node, String path) {
        limits.condition(Place.of(path));
        String column = text(node, "column", path, "the name of a column");
        if (column.isEmpty()) {
            throw invalid(ErrorCode.INVALID_ARGUMENT, path + ".column", "must not be empty");
        }
        FieldPath place = fields.resolve(column, path + ".column");
        String written = text(node, "operator", path, "one of " + FilterOperator.ALLOWED);
        Optional<FilterOperator> found = FilterOperator.of(written);
        if (found.isEmpty()) {
            throw invalid(
                    ErrorCode.INVALID_ARGUMENT,
                    path + ".operator",
                    "must be one of " + FilterOperator.ALLOWED + "; got '" + Words.shown(written) + "'");
        }
        return apply(place, found.get(), node.get("value"), path + ".value");
    }

    private Predicate apply(FieldPath place, FilterOperator operator, @Nullable JsonNode value, String path) {
        if (operator.standsAlone()) {
            if (value != null && !value.isNull()) {
                throw invalid(ErrorCode.INVALID_ARGUMENT, path, "must be absent with '" + operator + "'");
            }
            Predicate isNull = new Predicate.IsNull(place);
            return operator == FilterOperator.IS_NULL ? isNull : new Predicate.Not(isNull);
        }
        if (value == null) {
            throw invalid(ErrorCode.MISSING_FIELD, path, "is missing; '" + operator + "' needs a value");
        }
        return switch (operator) {
            case IN -> in(place, value, path);
            case NOT_IN -> new Predicate.Not(in(place, value, path));
            case LIKE -> leaves.like(place, value.isString() ? value.stringValue() : value, Place.of(path));
            case CONTAINS ->
                leaves.contains(
                        place, Predicate.Quantifier.ANY, List.of(FilterValues.scalar(value, path)), Place.of(path));
            case CONTAINS_ANY -> leaves.contains(place, Predicate.Quantifier.ANY, scalars(value, path), Place.of(path));
            case CONTAINS_ALL -> leaves.contains(place, Predicate.Quantifier.ALL, scalars(value, path), Place.of(path));
            case EQUAL -> compare(place, Predicate.Operator.EQUAL, value, path);
            case NOT_EQUAL -> compare(place, Predicate.Operator.NOT_EQUAL, value, path);
            case LESS -> compare(place, Predicate.Operator.LESS, value, path);
            case LESS_OR_EQUAL -> compare(place, Predicate.Operator.LESS_OR_EQUAL, value, path);
            case GREATER -> compare(place, Predicate.Operator.GREATER, value, path);
            case GREATER_OR_EQUAL -> compare(place, Predicate.Operator.GREATER_OR_EQUAL, value, path);
            case IS_NULL, IS_NOT_NULL -> throw new IllegalStateException("handled above");
        };
    }

    private Predicate compare(FieldPath place, Predicate.Operator operator, JsonNode value, String path) {
        return leaves.compare(place, operator, FilterValues.scalar(value, path), Place.of(path));
    }

    private List<Object> scalars(JsonNode value, String path) {
        if (!value.isArray()) {
            throw invalid(ErrorCode.WRONG_TYPE, path, "must be a list of values, not " + FilterValues.kind(value));
        }
        limits.values(value.size(), Place.of(path));
        List<Object> scalars = new ArrayList<>(value.size());
        for (int i = 0; i < value.size(); i++) {
            scalars.add(FilterValues.scalar(value.get(i), path + "[" + i + "]"));
        }
        return scalars;
    }

    private Predicate in(FieldPath place, JsonNode value, String path) {
        List<Object> constants = scalars(value, path);
        for (int i = 0; i < constants.size(); i++) {
            constants.set(i, leaves.constant(place, constants.get(i), Place.of(path + "[" + i + "]")));
        }
        return new Predicate.In(place, constants);
    }

    private static String text(JsonNode node, String key, String path, String wanted) {
        JsonNode value = node.get(key);
        if (value == null) {
            String given = String.join(
                    ", ", CONDITION_KEYS.stream().filter(node::has).sorted().toList());
            throw invalid(
                    ErrorCode.MISSING_FIELD,
                    path + "." + key,
                    "is missing; it must be " + wanted + (given.isEmpty() ? "" : " (given: " + given + ")"));
        }
        if (!value.isString()) {
            throw invalid(
                    ErrorCode.WRONG_TYPE,
                    path + "." + key,
                    "must be a string, " + wanted + ", not " + FilterValues.kind(value));
        }
        return value.stringValue();
    }

    private static InvalidInputException invalid(ErrorCode code, String path, String what) {
        return Place.of(path).invalid(code, what);
    }
}
