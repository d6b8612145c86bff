package com.akidb.engine.embedded.sql;

import com.akidb.engine.ColumnType;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.query.FieldPath;
import com.akidb.query.Function;
import com.akidb.query.Predicate;
import com.akidb.query.Predicate.Operator;
import com.akidb.text.Unicode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes SQL of predicates. Unknown is null on both sides, and SQL's {@code AND}, {@code OR} and {@code NOT} treat it as
 * predicates do, so only the conditions on single values need care: each is 1, 0 or null as {@link Predicate} says.
 */
public final class PredicateSql {

    /** Most values that one call of a function takes. */
    private static final int MOST_ARGUMENTS = 100;

    private final SqlTable table;
    private final SqlText sql;

    private PredicateSql(SqlTable table, SqlText sql) {
        this.table = table;
        this.sql = sql;
    }

    /**
     * Appends a condition that holds for the rows that satisfy a predicate.
     *
     * @throws InvalidInputException if the table has no such column, or it cannot be compared
     */
    public static void append(SqlTable table, Predicate predicate, SqlText sql) {
        new PredicateSql(table, sql).condition(predicate);
    }

    private void condition(Predicate predicate) {
        switch (predicate) {
            case Predicate.And(List<Predicate> terms) -> combine(terms, " AND ", "1");
            case Predicate.Or(List<Predicate> terms) -> combine(terms, " OR ", "0");
            case Predicate.Not(Predicate term) -> {
                sql.add("NOT (");
                condition(term);
                sql.add(")");
            }
            case Predicate.Compare compare -> compare(compare);
            case Predicate.In(FieldPath path, List<Object> values) -> oneOf(field(path), values);
            case Predicate.Like(FieldPath path, String pattern) -> like(field(path), pattern);
            case Predicate.Contains contains -> contains(contains);
            case Predicate.IsNull(FieldPath path) -> sql.add(field(path).sql()).add(" IS NULL");
        }
    }

    /** In halves, since SQLite bounds the depth of an expression and not its breadth. */
    private void combine(List<Predicate> terms, String operator, String ifEmpty) {
        if (terms.isEmpty()) {
            sql.add(ifEmpty);
        } else if (terms.size() == 1) {
            sql.add("(");
            condition(terms.getFirst());
            sql.add(")");
        } else {
            int half = terms.size() / 2;
            sql.add("(");
            combine(terms.subList(0, half), operator, ifEmpty);
            sql.add(operator);
            combine(terms.subList(half, terms.size()), operator, ifEmpty);
            sql.add(")");
        }
    }

    private SqlField field(FieldPath path) {
        return SqlField.of(table, path, SqlFunctions.JSON, "filter");
    }

    private void compare(Predicate.Compare compare) {
        SqlField field = field(compare.field());
        switch (compare.operator()) {
            case EQUAL -> oneOf(field, List.of(compare.value()));
            case NOT_EQUAL -> {
                sql.add("NOT (");
                oneOf(field, List.of(compare.value()));
                sql.add(")");
            }
            case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> ordered(field, compare.operator(), compare.value());
        }
    }

    private void oneOf(SqlField field, List<Object> constants) {
        List<Object> comparable = new ArrayList<>();
        for (Object constant : constants) {
            SqlConstants.equal(field, constant).ifPresent(comparable::add);
        }
        if (comparable.isEmpty()) {
            known(field, false);
        } else if (comparable.size() == 1) {
            sql.add(field.sql()).add(" = ").value(comparable.getFirst());
        } else {
            sql.add(field.sql()).add(" IN (").value(comparable.getFirst());
            comparable.stream().skip(1).forEach(value -> sql.add(",").value(value));
            sql.add(")");
        }
    }

    /** True or false if there is a value, unknown if there is none. */
    private void known(SqlField field, boolean truth) {
        sql.add("nullif(").add(field.sql()).add(truth ? " IS NOT NULL, 0)" : " IS NULL, 1)");
    }

    private void ordered(SqlField field, Operator operator, Object constant) {
        if (field.isJson()) {
            orderedJson(field, operator, constant);
            return;
        }
        Optional<SqlConstants.Bound> bound = SqlConstants.bound(field.type(), operator, constant);
        if (bound.isEmpty()) {
            sql.add("NULL");
        } else if (bound.get().value() instanceof Boolean always) {
            known(field, always);
        } else {
            sql.add(field.sql())
                    .add(sign(bound.get().operator()))
                    .value(bound.get().value());
        }
    }

    private void orderedJson(SqlField field, Operator operator, Object constant) {
        switch (constant) {
            case String _ -> sql.add("CASE WHEN typeof(").add(field.sql()).add(") = 'text' THEN ");
            case Long _, Double _ ->
                sql.add("CASE WHEN typeof(").add(field.sql()).add(") IN ('integer', 'real') THEN ");
            default -> {
                sql.add("NULL");
                return;
            }
        }
        sql.add(field.sql()).add(sign(operator)).value(constant).add(" END");
    }

    private static String sign(Operator operator) {
        return switch (operator) {
            case LESS -> " < ";
            case LESS_OR_EQUAL -> " <= ";
            case GREATER -> " > ";
            case GREATER_OR_EQUAL -> " >= ";
            case EQUAL, NOT_EQUAL -> throw new IllegalArgumentException("no order: " + operator);
        };
    }

    private void like(SqlField field, String pattern) {
        if (!Unicode.isWellFormed(pattern)) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT, "A pattern has an unpaired surrogate", "filter");
        }
        if (field.isJson()) {
            sql.add("CASE WHEN typeof(").add(field.sql()).add(") = 'text' THEN ");
            matches(field, pattern);
            sql.add(" END");
        } else if (field.type() == ColumnType.STRING) {
            sql.add("(");
            LikePrefix.of(pattern).append(field, sql);
            matches(field, pattern);
            sql.add(")");
        } else {
            sql.add("NULL");
        }
    }

    private void contains(Predicate.Contains contains) {
        SqlField field = SqlField.of(table, contains.field(), SqlFunctions.VALUE, "filter");
        boolean all = contains.quantifier() == Predicate.Quantifier.ALL;
        List<Object> values = contains.values();
        if (values.isEmpty()) {
            contains(field, all, values);
            return;
        }
        sql.add("(");
        for (int from = 0; from < values.size(); from += MOST_ARGUMENTS) {
            sql.add(from == 0 ? "" : all ? " AND " : " OR ");
            contains(field, all, values.subList(from, Math.min(values.size(), from + MOST_ARGUMENTS)));
        }
        sql.add(")");
    }

    private void contains(SqlField field, boolean all, List<Object> values) {
        sql.add(SqlFunctions.name(all ? Function.CONTAINS_ALL : Function.CONTAINS_ANY))
                .add("(");
        if (field.isJson()) {
            sql.add(field.sql());
        } else {
            sql.add("CASE WHEN ").add(field.sql()).add(" IS NOT NULL THEN 0 END");
        }
        values.forEach(value -> sql.add(", ").value(TaggedValues.encode(value)));
        sql.add(")");
    }

    private void matches(SqlField field, String pattern) {
        sql.add(SqlFunctions.LIKE)
                .add("(")
                .add(field.sql())
                .add(", ")
                .value(pattern)
                .add(")");
    }
}
