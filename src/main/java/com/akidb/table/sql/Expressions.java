package com.akidb.table.sql;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import net.sf.jsqlparser.expression.BinaryExpression;
import net.sf.jsqlparser.expression.CaseExpression;
import net.sf.jsqlparser.expression.CastExpression;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.expression.NotExpression;
import net.sf.jsqlparser.expression.NullValue;
import net.sf.jsqlparser.expression.SignedExpression;
import net.sf.jsqlparser.expression.WhenClause;
import net.sf.jsqlparser.expression.operators.arithmetic.Addition;
import net.sf.jsqlparser.expression.operators.arithmetic.Concat;
import net.sf.jsqlparser.expression.operators.arithmetic.Division;
import net.sf.jsqlparser.expression.operators.arithmetic.Modulo;
import net.sf.jsqlparser.expression.operators.arithmetic.Multiplication;
import net.sf.jsqlparser.expression.operators.arithmetic.Subtraction;
import net.sf.jsqlparser.expression.operators.conditional.AndExpression;
import net.sf.jsqlparser.expression.operators.conditional.OrExpression;
import net.sf.jsqlparser.expression.operators.relational.Between;
import net.sf.jsqlparser.expression.operators.relational.ComparisonOperator;
import net.sf.jsqlparser.expression.operators.relational.ExistsExpression;
import net.sf.jsqlparser.expression.operators.relational.ExpressionList;
import net.sf.jsqlparser.expression.operators.relational.InExpression;
import net.sf.jsqlparser.expression.operators.relational.IsNullExpression;
import net.sf.jsqlparser.expression.operators.relational.LikeExpression;
import net.sf.jsqlparser.expression.operators.relational.ParenthesedExpressionList;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.statement.select.AllColumns;
import net.sf.jsqlparser.statement.select.AllTableColumns;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;

/** Writes the expressions of one select anew. What is not on the list is refused. */
final class Expressions {

    private static final Map<String, String> CASTS = Map.of(
            "int", "INTEGER", "integer", "INTEGER", "bigint", "INTEGER", "text", "TEXT", "varchar", "TEXT", "real",
            "REAL", "float", "REAL", "double", "REAL");

    private final Scope scope;
    private final Values values;
    private final QueryVectors vectors;
    private final Surroundings surroundings;
    private final Pieces out;
    private final Conditions conditions;

    /** What stands around expressions, and knows what they may hold beyond one row's values. */
    @FunctionalInterface
    interface Surroundings {

        /** Writes a select inside an expression. */
        void write(ParenthesedSelect select, Scope outer, Pieces out);

        /** Asked about each function of an expression; throws if it has no place here. */
        default void call(Function function, String name) {}
    }

    Expressions(Scope scope, Values values, QueryVectors vectors, Surroundings surroundings, Pieces out) {
        this.scope = scope;
        this.values = values;
        this.vectors = vectors;
        this.surroundings = surroundings;
        this.out = out;
        conditions = new Conditions(this, out);
    }

    /** What an expression gives. */
    Kind kind(Expression expression) {
        return switch (expression) {
            case Column column -> scope.resolve(column).kind();
            case ParenthesedExpressionList<?> list when list.size() == 1 -> kind(list.getFirst());
            case Function function -> kind(function);
            case ComparisonOperator _, AndExpression _, OrExpression _, NotExpression _, InExpression _ -> Kind.BOOL;
            case LikeExpression _, Between _, IsNullExpression _, ExistsExpression _ -> Kind.BOOL;
            case CaseExpression cases when !cases.getWhenClauses().isEmpty() -> kind(results(cases));
            default -> Kind.ANY;
        };
    }

    private Kind kind(Function function) {
        String name = Functions.name(function);
        if (name.equals(Functions.SIMILARITY)) {
            return Kind.FLOAT;
        }
        return Functions.kind(name).orElseGet(() -> {
            ExpressionList<?> arguments = function.getParameters();
            return arguments == null || arguments.isEmpty() ? Kind.ANY : kind(List.copyOf(arguments));
        });
    }

    /** The kind of one of several; JSON only if all are, for a text among them need not be JSON. */
    private Kind kind(List<? extends Expression> oneOf) {
        Kind first = kind(oneOf.getFirst());
        boolean mixed = first == Kind.JSON
                && oneOf.stream().anyMatch(each -> !(each instanceof NullValue) && kind(each) != Kind.JSON);
        return mixed ? Kind.ANY : first;
    }

    private static List<Expression> results(CaseExpression cases) {
        List<Expression> results = new ArrayList<>();
        cases.getWhenClauses().forEach(when -> results.add(when.getThenExpression()));
        if (cases.getElseExpression() != null) {
            results.add(cases.getElseExpression());
        }
        return results;
    }

    /** Writes an expression. */
    void write(Expression expression) {
        write(expression, Kind.ANY);
    }

    void write(ParenthesedSelect select) {
        surroundings.write(select, scope, out);
    }

    /**
     * Writes an expression.
     *
     * @param kind of what it is compared with
     */
    void write(Expression expression, Kind kind) {
        if (Values.isValue(expression)) {
            out.value(values.stored(expression, kind));
            return;
        }
        out.sql("(");
        switch (expression) {
            case Column column -> column(column);
            case ParenthesedExpressionList<?> list when list.size() == 1 -> write(list.getFirst(), kind);
            case AndExpression and when !and.isUseOperator() -> chain(and, AndExpression.class, " AND ");
            case OrExpression or -> chain(or, OrExpression.class, " OR ");
            case NotExpression not
            when !not.isExclamationMark() -> {
                out.sql("NOT ");
                write(not.getExpression());
            }
            case ComparisonOperator comparison -> conditions.comparison(comparison);
            case Addition sum -> chain(sum, Addition.class, " + ");
            case Subtraction difference -> binary(difference, " - ");
            case Multiplication product -> chain(product, Multiplication.class, " * ");
            case Division quotient -> binary(quotient, " / ");
            case Modulo rest -> binary(rest, " % ");
            case Concat text -> chain(text, Concat.class, " || ");
            case SignedExpression signed
            when signed.getSign() != '~' -> {
                out.sql(signed.getSign() == '-' ? "-" : "+");
                write(signed.getExpression());
            }
            case InExpression in when !in.isGlobal() -> conditions.in(in);
            case LikeExpression like -> conditions.like(like);
            case Between between
            when !between.isUsingSymmetric() && !between.isUsingAsymmetric() -> conditions.between(between);
            case IsNullExpression isNull
            when !isNull.isUseIsNull() && !isNull.isUseNotNull() -> {
                write(isNull.getLeftExpression());
                out.sql(isNull.isNot() ? " IS NOT NULL" : " IS NULL");
            }
            case ExistsExpression exists
            when exists.getRightExpression() instanceof ParenthesedSelect select -> {
                out.sql(exists.isNot() ? "NOT EXISTS " : "EXISTS ");
                surroundings.write(select, scope, out);
            }
            case ParenthesedSelect select -> surroundings.write(select, scope, out);
            case CaseExpression cases -> cases(cases);
            case CastExpression cast -> cast(cast);
            case Function function -> function(function);
            default -> throw Refusals.refused(expression, "is not allowed here");
        }
        out.sql(")");
    }

    private void column(Column column) {
        Scope.Found found = scope.resolve(column);
        String sql = found.source().use(found.position());
        if (found.path().isEmpty()) {
            out.sql(sql);
            return;
        }
        out.sql("akidb_json_shown(").sql(sql);
        for (String key : found.path()) {
            out.sql(", ").value(key);
        }
        out.sql(")");
    }

    /** The parser nests chains to the left, one level each; written flat they cost SQLite no depth of ours. */
    private void chain(BinaryExpression top, Class<? extends BinaryExpression> kind, String operator) {
        Deque<Expression> terms = new ArrayDeque<>();
        Expression rest = top;
        while (kind.isInstance(rest)) {
            BinaryExpression link = (BinaryExpression) rest;
            terms.addFirst(link.getRightExpression());
            rest = link.getLeftExpression();
        }
        write(rest);
        for (Expression term : terms) {
            out.sql(operator);
            write(term);
        }
    }

    private void binary(BinaryExpression binary, String operator) {
        write(binary.getLeftExpression());
        out.sql(operator);
        write(binary.getRightExpression());
    }

    private void cases(CaseExpression cases) {
        out.sql("CASE");
        Kind switched = Kind.ANY;
        if (cases.getSwitchExpression() != null) {
            switched = kind(cases.getSwitchExpression());
            out.sql(" ");
            write(cases.getSwitchExpression());
        }
        for (WhenClause when : cases.getWhenClauses()) {
            out.sql(" WHEN ");
            write(when.getWhenExpression(), switched);
            out.sql(" THEN ");
            write(when.getThenExpression());
        }
        if (cases.getElseExpression() != null) {
            out.sql(" ELSE ");
            write(cases.getElseExpression());
        }
        out.sql(" END");
    }

    private void cast(CastExpression cast) {
        String type = CASTS.get(String.valueOf(cast.getColDataType()).toLowerCase(Locale.ROOT));
        boolean plain = cast.isUseCastKeyword()
                && String.valueOf(cast.keyword).equalsIgnoreCase("cast")
                && cast.getFormat() == null;
        if (!plain || type == null) {
            throw Refusals.refused(cast, "must be cast(... as int, float or text)");
        }
        out.sql("CAST(");
        write(cast.getLeftExpression());
        out.sql(" AS " + type + ")");
    }

    private void function(Function function) {
        String name = Functions.name(function);
        surroundings.call(function, name);
        if (name.equals(Functions.SIMILARITY)) {
            similarity(function);
            return;
        }
        out.sql(name + "(");
        ExpressionList<?> arguments = function.getParameters();
        if (arguments != null && arguments.size() == 1 && isStar(arguments.getFirst())) {
            if (!name.equals("count") || function.isDistinct()) {
                throw Refusals.refused(function, "takes a star only in count(*)");
            }
            out.sql("*)");
            return;
        }
        String separator = function.isDistinct() ? "DISTINCT " : "";
        for (Expression argument : arguments == null ? List.<Expression>of() : arguments) {
            out.sql(separator);
            write(argument);
            separator = ", ";
        }
        out.sql(")");
    }

    private static boolean isStar(Expression expression) {
        return expression instanceof AllColumns all
                && !(all instanceof AllTableColumns)
                && all.toString().equals("*");
    }

    private void similarity(Function function) {
        Similarity similarity = Similarity.of(function, scope);
        Scope.Found found = similarity.found();
        Supplier<float[]> vector = similarity.vector(values, vectors);
        out.sql("akidb_similarity(").sql(found.source().use(found.position())).sql(", ");
        out.later(QueryVectors.part(vector))
                .sql(", ")
                .value(similarity.metric().name())
                .sql(")");
    }
}
