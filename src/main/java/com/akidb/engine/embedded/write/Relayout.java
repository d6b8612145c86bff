package com.akidb.engine.embedded.write;

import com.akidb.engine.Mutation;
import com.akidb.engine.RowSelection;
import com.akidb.engine.embedded.catalog.TableLayout;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fits writes that were queued before their table was altered. Columns keep their values whatever they are called by now;
 * values of columns that are gone are dropped, and columns that have come take their defaults.
 */
final class Relayout {

    private final TableLayout then;
    private final TableLayout now;

    Relayout(TableLayout then, TableLayout now) {
        this.then = then;
        this.now = now;
    }

    /**
     * The same write under the layout of now.
     *
     * @throws InvalidInputException if it needs a column that is gone, or lacks a value for one that has come
     */
    Mutation fit(Mutation mutation) {
        Mutation fitted = switch (mutation) {
            case Mutation.Insert insert ->
                new Mutation.Insert(insert.rows().stream().map(this::row).toList(), insert.onConflict());
            case Mutation.Delete(RowSelection rows) -> new Mutation.Delete(rows(rows));
            case Mutation.Update(RowSelection rows, Map<String, @Nullable Object> values) ->
                new Mutation.Update(rows(rows), values(values));
            case Mutation.Recompute(String column, RowSelection rows) ->
                new Mutation.Recompute(name(column), rows(rows));
            case Mutation.Fill(String column, List<Mutation.Computed> cells) -> new Mutation.Fill(name(column), cells);
        };
        return MutationCheck.check(now, fitted);
    }

    private List<@Nullable Object> row(List<@Nullable Object> row) {
        List<@Nullable Object> fitted = new ArrayList<>();
        for (int position = 0; position < now.numbers().size(); position++) {
            int before = then.positionOf(now.number(position));
            fitted.add(before < 0 ? now.column(position).defaultValue() : row.get(before));
        }
        return fitted;
    }

    private Map<String, @Nullable Object> values(Map<String, @Nullable Object> values) {
        Map<String, @Nullable Object> fitted = new HashMap<>();
        values.forEach((name, value) -> {
            int position = now.positionOf(then.number(then.position(name, "values." + name)));
            if (position >= 0) {
                fitted.put(now.column(position).name(), value);
            }
        });
        return fitted;
    }

    private RowSelection rows(RowSelection rows) {
        return rows instanceof RowSelection.Where(Predicate condition)
                ? new RowSelection.Where(predicate(condition))
                : rows;
    }

    private Predicate predicate(Predicate predicate) {
        return switch (predicate) {
            case Predicate.And(List<Predicate> terms) ->
                new Predicate.And(terms.stream().map(this::predicate).toList());
            case Predicate.Or(List<Predicate> terms) ->
                new Predicate.Or(terms.stream().map(this::predicate).toList());
            case Predicate.Not(Predicate term) -> new Predicate.Not(predicate(term));
            case Predicate.Compare(FieldPath field, Predicate.Operator operator, Object value) ->
                new Predicate.Compare(field(field), operator, value);
            case Predicate.In(FieldPath field, List<Object> values) -> new Predicate.In(field(field), values);
            case Predicate.Like(FieldPath field, String pattern) -> new Predicate.Like(field(field), pattern);
            case Predicate.Contains(FieldPath field, Predicate.Quantifier quantifier, List<Object> values) ->
                new Predicate.Contains(field(field), quantifier, values);
            case Predicate.IsNull(FieldPath field) -> new Predicate.IsNull(field(field));
        };
    }

    private FieldPath field(FieldPath field) {
        return new FieldPath(name(field.column()), field.path());
    }

    private String name(String name) {
        int position = now.positionOf(then.number(then.position(name, "column")));
        if (position < 0) {
            throw new InvalidInputException(
                    ErrorCode.UNKNOWN_FIELD, "The column '" + name + "' was dropped meanwhile", "column");
        }
        return now.column(position).name();
    }
}
