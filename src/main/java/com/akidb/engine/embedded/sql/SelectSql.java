package com.akidb.engine.embedded.sql;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.query.Expression;
import com.akidb.query.Expression.Call;
import com.akidb.query.Expression.Case;
import com.akidb.query.Expression.Column;
import com.akidb.query.Expression.Constant;
import com.akidb.query.Function;
import com.akidb.query.Kind;
import com.akidb.query.Select;
import com.akidb.vector.VectorCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes SQL of selects, which gives what {@link com.akidb.query.Evaluator} says.
 *
 * <p>An expression of a kind that is known is held as columns are ({@link ColumnValues}); one of {@link Kind#ANY} as
 * {@link TaggedValues}. SQLite computes by itself where it means the same; the rest is computed by {@link SqlFunctions}.
 */
final class SelectSql {

    /** Most arguments of a function. */
    private static final int MOST_ARGUMENTS = 100;

    private final java.util.function.Function<UUID, SqlTable> tables;
    private final List<float[]> vectors;
    private final Map<Integer, Select.Source> sources = new HashMap<>();
    private final SqlText sql = new SqlText();

    private SelectSql(java.util.function.Function<UUID, SqlTable> tables, List<float[]> vectors) {
        this.tables = tables;
        this.vectors = vectors;
    }

    /**
     * The SQL of a select; its items are held as their kinds are.
     *
     * @param tables by id; throws if there is none
     * @param vectors by their numbers of probes
     * @throws InvalidInputException if a table has no such column
     */
    static SqlText of(Select select, List<float[]> vectors, java.util.function.Function<UUID, SqlTable> tables) {
        SelectSql writer = new SelectSql(tables, vectors);
        writer.select(select, false);
        return writer.sql;
    }

    /** The tables of a select and of those inside, by what its SQL calls them; see {@link #of}. */
    static Map<String, UUID> aliases(
            Select select, List<float[]> vectors, java.util.function.Function<UUID, SqlTable> tables) {
        SelectSql writer = new SelectSql(tables, vectors);
        writer.select(select, false);
        Map<String, UUID> aliases = new HashMap<>();
        for (Select.Source source : writer.sources.values()) {
            if (source instanceof Select.Source.Rows rows) {
                aliases.put("r" + rows.number(), rows.table());
            }
        }
        return aliases;
    }

    /** @param compared whether its one item shall be tagged, arrays and objects included, for a comparison */
    private void select(Select select, boolean compared) {
        for (Select.Join join : select.from()) {
            sources.put(join.source().number(), join.source());
        }
        sql.add(select.distinct() ? "SELECT DISTINCT " : "SELECT ");
        for (int i = 0; i < select.items().size(); i++) {
            sql.add(i == 0 ? "" : ", ");
            if (compared) {
                tagged(select.items().get(i).value());
            } else {
                write(select.items().get(i).value());
            }
            sql.add(" AS k" + i);
        }
        for (int i = 0; i < select.from().size(); i++) {
            join(select.from().get(i), i == 0);
        }
        if (select.where() != null) {
            sql.add(" WHERE ");
            truth(select.where());
        }
        separated(" GROUP BY ", select.groups(), this::write);
        if (select.having() != null) {
            sql.add(" HAVING ");
            truth(select.having());
        }
        separated(" ORDER BY ", select.orders(), order -> order(order, select.items()));
        if (select.limit() >= 0 || select.offset() > 0) {
            sql.add(" LIMIT ").value(select.limit()).add(" OFFSET ").value(select.offset());
        }
    }

    private <T> void separated(String word, List<T> parts, java.util.function.Consumer<T> write) {
        for (int i = 0; i < parts.size(); i++) {
            sql.add(i == 0 ? word : ", ");
            write.accept(parts.get(i));
        }
    }

    private void join(Select.Join join, boolean first) {
        sql.add(
                first
                        ? " FROM "
                        : switch (join.kind()) {
                            case LEFT -> " LEFT JOIN ";
                            case INNER -> " JOIN ";
                            case CROSS -> " CROSS JOIN ";
                        });
        switch (join.source()) {
            case Select.Source.Rows rows ->
                sql.add(tables.apply(rows.table()).rows(rows.columns(), "r" + rows.number(), "query"));
            case Select.Source.Derived derived -> {
                sql.add("(");
                select(derived.select(), false);
                sql.add(")");
            }
        }
        sql.add(" AS s" + join.source().number());
        if (join.on() != null) {
            sql.add(" ON ");
            truth(join.on());
        }
    }

    private void order(Select.Order order, List<Select.Item> items) {
        List<Expression> values = items.stream().map(Select.Item::value).toList();
        int item = values.indexOf(order.value());
        if (item >= 0) {
            sql.add(String.valueOf(item + 1));
        } else {
            write(order.value());
        }
        sql.add(order.descending() ? " DESC" : "");
        if (order.nullsFirst() != null) {
            sql.add(order.nullsFirst() ? " NULLS FIRST" : " NULLS LAST");
        }
    }

    /** Writes a value as its kind is held. */
    private void write(Expression expression) {
        switch (expression) {
            case Constant(var value) -> sql.value(held(value));
            case Column column -> column(column);
            case Call call -> call(call);
            case Case cases -> cases(cases);
            case Expression.Similarity similarity -> similarity(similarity);
            case Expression.Scalar(Select select) -> {
                sql.add("(");
                select(select, false);
                sql.add(")");
            }
            case Expression.Exists(Select select) -> {
                sql.add("EXISTS (");
                select(select, false);
                sql.add(")");
            }
            case Expression.InSelect in -> inSelect(in);
        }
    }

    private static @Nullable Object held(@Nullable Object value) {
        return switch (value) {
            case Boolean flag -> flag ? 1L : 0L;
            case Instant time -> ColumnValues.micros(time);
            case null -> null;
            case Object plain -> plain;
        };
    }

    private void column(Column column) {
        String name = name(column);
        if (column.path().isEmpty()) {
            sql.add(name);
            return;
        }
        sql.add(SqlFunctions.VALUE + "(" + name);
        column.path().forEach(key -> sql.add(", ").value(key));
        sql.add(")");
    }

    private String name(Column column) {
        return switch (Objects.requireNonNull(sources.get(column.source()))) {
            case Select.Source.Rows rows ->
                "s" + rows.number() + ".k" + rows.columns().indexOf(column.column());
            case Select.Source.Derived derived -> "s" + derived.number() + "." + column.column();
        };
    }

    private void similarity(Expression.Similarity similarity) {
        Column column = similarity.column();
        Select.Source.Rows rows = (Select.Source.Rows) Objects.requireNonNull(sources.get(column.source()));
        SqlTable table = tables.apply(rows.table());
        var metric = Objects.requireNonNull(
                table.column(table.position(column.column(), "query")).metric());
        sql.add(SimilarityFunction.NAME + "(" + name(column) + ", ")
                .value(VectorCodec.encode(vectors.get(similarity.probe())))
                .add(", ")
                .value(metric.name())
                .add(")");
    }

    /** Writes a value tagged. */
    private void tagged(Expression expression) {
        if (expression instanceof Constant(var value)) {
            sql.value(TaggedValues.encode(value));
            return;
        }
        switch (expression.kind()) {
            case ANY -> write(expression);
            case BOOL -> function(SqlFunctions.FLAG, () -> write(expression));
            case TIMESTAMP -> function(SqlFunctions.TIME, () -> write(expression));
            case JSON -> function(SqlFunctions.VALUE, () -> write(expression));
            // A sign keeps SQLite from making a number of a text that is compared with a column of numbers.
            case STRING, NUMBER -> {
                sql.add("+(");
                write(expression);
                sql.add(")");
            }
            case VECTOR -> throw new IllegalArgumentException("vectors are not computed with");
        }
    }

    private void function(String name, Runnable argument) {
        sql.add(name + "(");
        argument.run();
        sql.add(")");
    }

    /** Writes a value if it is of that kind, or null. */
    private void narrow(Expression expression, Kind kind) {
        if (expression.kind() == kind || isNull(expression)) {
            write(expression);
        } else {
            function(kind == Kind.NUMBER ? SqlFunctions.NUMBER : SqlFunctions.STRING, () -> tagged(expression));
        }
    }

    /** Writes a condition as 1, 0 or null. */
    private void truth(Expression condition) {
        if (condition.kind() == Kind.BOOL || isNull(condition)) {
            write(condition);
        } else {
            function(SqlFunctions.TRUTH, () -> tagged(condition));
        }
    }

    private static boolean isNull(Expression expression) {
        return expression instanceof Constant(var value) && value == null;
    }

    private static boolean isFree(Expression expression) {
        return !isNull(expression) && (expression.kind() == Kind.ANY || expression.kind() == Kind.JSON);
    }

    /** The kind that all are of; null if they are of several, or it is one that only a run shows. */
    private static @Nullable Kind common(List<Expression> expressions) {
        Kind common = null;
        for (Expression each : expressions) {
            if (!isNull(each)) {
                if (isFree(each) || (common != null && common != each.kind())) {
                    return null;
                }
                common = each.kind();
            }
        }
        return common == null ? Kind.NUMBER : common;
    }

    private void call(Call call) {
        List<Expression> arguments = call.arguments();
        sql.add("(");
        switch (call.function()) {
            case AND -> chain(arguments, " AND ", "1");
            case OR -> chain(arguments, " OR ", "0");
            case NOT -> {
                sql.add("NOT ");
                truth(arguments.getFirst());
            }
            case EQUAL -> equal(arguments, " = ");
            case NOT_EQUAL -> equal(arguments, " <> ");
            case LESS -> ordered(call, " < ");
            case LESS_OR_EQUAL -> ordered(call, " <= ");
            case GREATER -> ordered(call, " > ");
            case GREATER_OR_EQUAL -> ordered(call, " >= ");
            case BETWEEN -> between(call);
            case IN -> in(call);
            case LIKE -> {
                sql.add(SqlFunctions.LIKE + "(");
                narrow(arguments.getFirst(), Kind.STRING);
                sql.add(", ");
                narrow(arguments.getLast(), Kind.STRING);
                sql.add(")");
            }
            case IS_NULL -> {
                if (arguments.getFirst().kind() == Kind.JSON) {
                    tagged(arguments.getFirst());
                } else {
                    write(arguments.getFirst());
                }
                sql.add(" IS NULL");
            }
            case ADD -> infix(arguments, " + ");
            case SUBTRACT -> infix(arguments, " - ");
            case MULTIPLY -> infix(arguments, " * ");
            case DIVIDE -> infix(arguments, " / ");
            case MODULO -> infix(arguments, " % ");
            case NEGATE -> {
                sql.add("-");
                narrow(arguments.getFirst(), Kind.NUMBER);
            }
            case CONCAT -> concat(arguments);
            case ABS -> function("abs", () -> narrow(arguments.getFirst(), Kind.NUMBER));
            case COALESCE, IFNULL -> choice(call, "coalesce");
            case NULLIF -> {
                if (common(arguments) == null) {
                    computed(call);
                } else {
                    choice(call, "nullif");
                }
            }
            case LEAST -> choice(call, "min");
            case GREATEST -> choice(call, "max");
            case COUNT -> count(call);
            case SUM, TOTAL, AVERAGE -> aggregate(call, () -> narrow(arguments.getFirst(), Kind.NUMBER));
            case MINIMUM, MAXIMUM ->
                aggregate(call, () -> {
                    if (isFree(arguments.getFirst())) {
                        tagged(arguments.getFirst());
                    } else {
                        write(arguments.getFirst());
                    }
                });
            case CONTAINS_ANY,
                    CONTAINS_ALL,
                    TO_INT,
                    TO_FLOAT,
                    TO_TEXT,
                    ROUND,
                    LOWER,
                    UPPER,
                    LENGTH,
                    TRIM,
                    LTRIM,
                    RTRIM,
                    SUBSTR,
                    INSTR -> computed(call);
        }
        sql.add(")");
    }

    /** In halves, since SQLite bounds the depth of an expression and not its breadth. */
    private void chain(List<Expression> terms, String operator, String ifEmpty) {
        if (terms.isEmpty()) {
            sql.add(ifEmpty);
        } else if (terms.size() == 1) {
            truth(terms.getFirst());
        } else {
            int half = terms.size() / 2;
            sql.add("(");
            chain(terms.subList(0, half), operator, ifEmpty);
            sql.add(operator);
            chain(terms.subList(half, terms.size()), operator, ifEmpty);
            sql.add(")");
        }
    }

    private void equal(List<Expression> sides, String operator) {
        if (common(sides) != null) {
            write(sides.getFirst());
            sql.add(operator);
            write(sides.getLast());
        } else {
            if (isFree(sides.getFirst()) && isFree(sides.getLast())) {
                scalar(sides.getFirst());
            } else {
                tagged(sides.getFirst());
            }
            sql.add(operator);
            tagged(sides.getLast());
        }
    }

    /** Writes a value tagged that equals nothing if it is an array or object. */
    private void scalar(Expression expression) {
        if (isFree(expression)) {
            function(SqlFunctions.SCALAR, () -> tagged(expression));
        } else {
            tagged(expression);
        }
    }

    private void ordered(Call call, String operator) {
        Kind kind = orderedAs(call.arguments());
        if (kind == null) {
            computed(call);
            return;
        }
        narrow(call.arguments().getFirst(), kind);
        sql.add(operator);
        narrow(call.arguments().getLast(), kind);
    }

    /** The kind by which values are ordered, if they are of it: null if only a run shows, or there is no order. */
    private static @Nullable Kind orderedAs(List<Expression> values) {
        List<Expression> known = values.stream().filter(each -> !isFree(each)).toList();
        Kind kind = known.isEmpty() ? null : common(known);
        boolean allKnown = known.size() == values.size();
        boolean narrows = kind == Kind.NUMBER || kind == Kind.STRING;
        return narrows || (allKnown && kind == Kind.TIMESTAMP) ? kind : null;
    }

    private void between(Call call) {
        Kind kind = orderedAs(call.arguments());
        if (kind == null) {
            computed(call);
            return;
        }
        narrow(call.arguments().getFirst(), kind);
        sql.add(" BETWEEN ");
        narrow(call.arguments().get(1), kind);
        sql.add(" AND ");
        narrow(call.arguments().getLast(), kind);
    }

    private void in(Call call) {
        Expression value = call.arguments().getFirst();
        List<Expression> choices = call.arguments().subList(1, call.arguments().size());
        if (choices.isEmpty()) {
            // False if there is a value, unknown if there is none.
            sql.add("nullif(");
            write(Call.of(Function.IS_NULL, value));
            sql.add(", 1)");
            return;
        }
        boolean plain = common(call.arguments()) != null;
        if (!plain && !choices.stream().allMatch(Constant.class::isInstance)) {
            computed(call);
            return;
        }
        if (plain) {
            write(value);
        } else {
            tagged(value);
        }
        separated(" IN (", choices, plain ? this::write : this::tagged);
        sql.add(")");
    }

    private void inSelect(Expression.InSelect in) {
        Expression item = in.select().items().getFirst().value();
        boolean plain = common(List.of(in.value(), item)) != null;
        sql.add("(");
        if (plain) {
            write(in.value());
        } else {
            scalar(in.value());
        }
        sql.add(" IN (");
        select(in.select(), !plain);
        sql.add("))");
    }

    private void infix(List<Expression> numbers, String operator) {
        narrow(numbers.getFirst(), Kind.NUMBER);
        sql.add(operator);
        narrow(numbers.getLast(), Kind.NUMBER);
    }

    private void concat(List<Expression> texts) {
        for (int i = 0; i < texts.size(); i++) {
            Expression text = texts.get(i);
            sql.add(i == 0 ? "" : " || ");
            if (text.kind() == Kind.STRING || isNull(text)) {
                write(text);
            } else {
                function(SqlFunctions.TEXT, () -> tagged(text));
            }
        }
    }

    private void choice(Call call, String name) {
        boolean free = call.kind() == Kind.ANY;
        sql.add(name);
        separated("(", call.arguments(), free ? this::tagged : this::write);
        sql.add(")");
    }

    private void count(Call call) {
        if (call.arguments().isEmpty()) {
            sql.add("count(*)");
            return;
        }
        aggregate(call, () -> {
            if (call.arguments().getFirst().kind() == Kind.JSON) {
                tagged(call.arguments().getFirst());
            } else {
                write(call.arguments().getFirst());
            }
        });
    }

    private void aggregate(Call call, Runnable argument) {
        sql.add(call.function() + (call.distinct() ? "(DISTINCT " : "("));
        argument.run();
        sql.add(")");
    }

    private void computed(Call call) {
        if (call.arguments().size() > MOST_ARGUMENTS) {
            throw new InvalidInputException(
                    ErrorCode.OUT_OF_RANGE,
                    "query compares with more than " + MOST_ARGUMENTS + " values that are not known before it runs",
                    "query");
        }
        sql.add(SqlFunctions.name(call.function()));
        separated("(", call.arguments(), this::tagged);
        sql.add(")");
    }

    private void cases(Case cases) {
        List<Expression> compared = new ArrayList<>();
        boolean free = cases.kind() == Kind.ANY;
        sql.add("CASE");
        boolean plain = true;
        if (cases.operand() != null) {
            compared.add(cases.operand());
            cases.whens().forEach(when -> compared.add(when.condition()));
            plain = common(compared) != null;
            sql.add(" ");
            if (plain) {
                write(cases.operand());
            } else {
                scalar(cases.operand());
            }
        }
        for (Case.When when : cases.whens()) {
            sql.add(" WHEN ");
            if (cases.operand() == null) {
                truth(when.condition());
            } else if (plain) {
                write(when.condition());
            } else {
                tagged(when.condition());
            }
            sql.add(" THEN ");
            result(when.result(), free);
        }
        if (cases.otherwise() != null) {
            sql.add(" ELSE ");
            result(cases.otherwise(), free);
        }
        sql.add(" END");
    }

    private void result(Expression result, boolean free) {
        if (free) {
            tagged(result);
        } else {
            write(result);
        }
    }
}
