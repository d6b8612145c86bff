package com.akidb.table.sql;

import com.akidb.engine.ColumnType;
import com.akidb.engine.RowExpression;
import com.akidb.engine.SelectStatement.Part;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.table.Selected;
import com.akidb.table.TableSchema;
import java.util.ArrayList;
import java.util.List;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;
import org.jspecify.annotations.Nullable;

/** Expressions of the columns of one row: what selects know, but for what looks at other rows, vectors and params. */
public final class RowExpressions {

    static final int MOST_CHARACTERS = 1_000;
    private static final String PARAMS = "params";

    private final List<RowExpression> expressions = new ArrayList<>();
    private final List<Kind> kinds = new ArrayList<>();

    private RowExpressions() {}

    /**
     * Reads expressions over the columns of a table.
     *
     * @throws InvalidInputException that names the field of one that is not allowed
     */
    public static RowExpressions read(TableSchema schema, List<Selected.Expression> selected) {
        RowExpressions read = new RowExpressions();
        for (Selected.Expression each : selected) {
            try {
                read.add(schema, each);
            } catch (InvalidInputException e) {
                throw blame(e, each.field());
            } catch (StackOverflowError e) {
                throw blame(Refusals.refused("is nested too deep"), each.field());
            }
        }
        return read;
    }

    private void add(TableSchema schema, Selected.Expression selected) {
        Expression expression = SelectReader.expression(selected.text(), MOST_CHARACTERS);
        Source row = Source.table("s1", schema.name(), schema);
        Scope scope = new Scope(null);
        scope.add(row);
        Pieces out = new Pieces().sql("SELECT ");
        Expressions expressions =
                new Expressions(scope, new Values(List.of()), new QueryVectors(), new OneRowOnly(), out);
        expressions.write(expression);
        row.write(out.sql(" FROM "));
        List<Part> select = out.parts();
        requireNoVectors(schema, select);
        this.expressions.add(new RowExpression(selected.field(), select));
        kinds.add(expressions.kind(expression));
    }

    private static void requireNoVectors(TableSchema schema, List<Part> select) {
        for (Part part : select) {
            if (part instanceof Part.Rows rows) {
                for (String column : rows.columns()) {
                    if (schema.column(column, Refusals.QUERY).type() == ColumnType.VECTOR) {
                        throw Refusals.refused("uses the embedding column " + Refusals.shown(column)
                                + ", of which nothing can be computed here");
                    }
                }
            }
        }
    }

    /** The same about the field that holds the expression. */
    private static InvalidInputException blame(InvalidInputException failure, String field) {
        if (failure.field().filter(PARAMS::equals).isPresent()) {
            return new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT, field + " has a ?, which is not allowed here; write the value", field);
        }
        String detail = failure.detail();
        String what = detail.startsWith(Refusals.QUERY) ? detail.substring(Refusals.QUERY.length()) : ": " + detail;
        return new InvalidInputException(failure.code(), field + what, field);
    }

    /** What the engine computes. */
    public List<RowExpression> forEngine() {
        return expressions;
    }

    /**
     * The engine's value of an expression as users see it: String, Long, Double, Boolean, Instant, JSON or null.
     *
     * @param position of the expression
     */
    public @Nullable Object shown(int position, @Nullable Object computed) {
        return kinds.get(position).shown(computed);
    }

    /** Refuses what one row alone does not answer. */
    private static final class OneRowOnly implements Expressions.Surroundings {

        @Override
        public void write(ParenthesedSelect select, Scope outer, Pieces out) {
            throw Refusals.refused(select, "is a select, which is not allowed here");
        }

        @Override
        public void call(Function function, String name) {
            if (name.equals(Functions.SIMILARITY)) {
                throw Refusals.refused(function, "compares vectors, which is not allowed here");
            }
            if (Functions.isAggregate(function, name)) {
                throw Refusals.refused(
                        function, "calls " + Refusals.shown(name) + " over several rows, which is not allowed here");
            }
        }
    }
}
