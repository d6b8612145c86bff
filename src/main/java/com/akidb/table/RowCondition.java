package com.akidb.table;

import com.akidb.engine.Row;
import com.akidb.query.Evaluator;
import com.akidb.query.Expression;
import com.akidb.query.FieldPath;
import com.akidb.query.Kind;
import com.akidb.query.Predicate;
import com.akidb.query.Predicates;
import org.jspecify.annotations.Nullable;

/** A condition over the values of single rows that have been read. */
public final class RowCondition {

    private final TableSchema schema;
    private final Expression condition;

    /**
     * A condition.
     *
     * @param schema of the columns that it names
     * @param field of the request, to be blamed for a column that is not there
     */
    public RowCondition(TableSchema schema, Predicate where, String field) {
        this.schema = schema;
        this.condition = Predicates.expression(where, place -> kind(place, field));
    }

    private Kind kind(FieldPath place, String field) {
        if (!place.path().isEmpty()) {
            return Kind.JSON;
        }
        if (place.equals(FieldPath.VERSION)) {
            return Kind.NUMBER;
        }
        if (place.equals(FieldPath.CHANGED_AT)) {
            return Kind.TIMESTAMP;
        }
        return TableSchema.kind(schema.column(place.column(), field).type());
    }

    /** Whether a row satisfies it. */
    public boolean passes(Row row) {
        return Boolean.TRUE.equals(new Evaluator(column -> value(row, column.column())).evaluate(condition));
    }

    private @Nullable Object value(Row row, String column) {
        if (column.equals(FieldPath.VERSION.column())) {
            return row.version();
        }
        return column.equals(FieldPath.CHANGED_AT.column())
                ? row.changedAt()
                : row.values().get(schema.position(column));
    }
}
