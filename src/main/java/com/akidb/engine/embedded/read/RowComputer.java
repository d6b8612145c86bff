package com.akidb.engine.embedded.read;

import com.akidb.engine.Row;
import com.akidb.engine.RowQuery;
import com.akidb.engine.embedded.catalog.TableLayout;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.query.Evaluator;
import com.akidb.query.Expression;
import com.akidb.query.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Computes values of single rows, within a bound of memory. */
final class RowComputer {

    /** Most UTF-16 units that the values of one row may have together. */
    private static final long MOST_UNITS = Evaluator.MOST_TEXT;

    private final TableLayout layout;
    private final List<RowQuery.Computed> computed;
    private final Map<String, Integer> positions = new HashMap<>();

    RowComputer(TableLayout layout, List<RowQuery.Computed> computed) {
        this.layout = layout;
        this.computed = computed;
    }

    /**
     * The values of a row.
     *
     * @throws InvalidInputException that names the field of the expression that cannot be computed
     */
    List<@Nullable Object> compute(Row row) {
        if (computed.isEmpty()) {
            return List.of();
        }
        List<@Nullable Object> values = new ArrayList<>(computed.size());
        long units = 0;
        for (RowQuery.Computed each : computed) {
            Object value = compute(each, row);
            units += value instanceof String text
                    ? text.length()
                    : value instanceof Json(String json) ? json.length() : 0;
            if (units > MOST_UNITS) {
                throw tooLarge(each.field());
            }
            values.add(value);
        }
        return values;
    }

    private @Nullable Object compute(RowQuery.Computed expression, Row row) {
        try {
            return new Evaluator(column -> row.values().get(position(column, expression.field())))
                    .evaluate(expression.value());
        } catch (InvalidInputException e) {
            if (e.field().filter(Evaluator.FIELD::equals).isEmpty()) {
                throw e;
            }
            if (e.code() == ErrorCode.OUT_OF_RANGE) {
                throw tooLarge(expression.field());
            }
            throw new InvalidInputException(
                    e.code(), expression.field() + " cannot be computed: " + e.detail(), expression.field());
        }
    }

    private int position(Expression.Column column, String field) {
        return positions.computeIfAbsent(column.column(), name -> layout.position(name, field));
    }

    private static InvalidInputException tooLarge(String field) {
        return new InvalidInputException(
                ErrorCode.OUT_OF_RANGE,
                field + " gives a row more than " + (MOST_UNITS >> 20) + " MB of computed values",
                field);
    }
}
