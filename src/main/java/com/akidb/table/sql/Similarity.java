package com.akidb.table.sql;

import com.akidb.engine.Column;
import com.akidb.table.TableSchema;
import com.akidb.vector.Metric;
import java.util.Objects;
import java.util.function.Supplier;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.Function;

/**
 * {@code similarity(column, text or vector)}.
 *
 * @param found an embedding column of a table
 * @param query the value that it is compared with
 */
record Similarity(Scope.Found found, Expression query) {

    static Similarity of(Function function, Scope scope) {
        if (function.getParameters() == null
                || function.getParameters().size() != 2
                || !(function.getParameters().getFirst() instanceof net.sf.jsqlparser.schema.Column column)
                || !Values.isValue(function.getParameters().get(1))) {
            throw Refusals.refused(function, "must be similarity(embedding column, text or vector)");
        }
        Scope.Found found = scope.resolve(column);
        if (found.kind() != Kind.VECTOR || found.column().column() == null) {
            throw Refusals.refused(column, "is no embedding column of a table");
        }
        return new Similarity(found, function.getParameters().get(1));
    }

    Column column() {
        return Objects.requireNonNull(found.column().column());
    }

    TableSchema schema() {
        return Objects.requireNonNull(found.column().schema());
    }

    Metric metric() {
        return Objects.requireNonNull(column().metric());
    }

    Supplier<float[]> vector(Values values, QueryVectors vectors) {
        return vectors.of(values.read(query), column(), schema(), Values.field(query));
    }
}
