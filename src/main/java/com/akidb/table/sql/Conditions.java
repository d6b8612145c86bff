package com.akidb.table.sql;

import java.util.List;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.operators.relational.Between;
import net.sf.jsqlparser.expression.operators.relational.ComparisonOperator;
import net.sf.jsqlparser.expression.operators.relational.InExpression;
import net.sf.jsqlparser.expression.operators.relational.IsNullExpression;
import net.sf.jsqlparser.expression.operators.relational.LikeExpression;
import net.sf.jsqlparser.expression.operators.relational.ParenthesedExpressionList;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;

/** Writes conditions, in which values are stored as what they are compared with is. */
final class Conditions {

    private final Expressions expressions;
    private final Pieces out;

    Conditions(Expressions expressions, Pieces out) {
        this.expressions = expressions;
        this.out = out;
    }

    void isNull(IsNullExpression isNull) {
        expressions.write(isNull.getLeftExpression());
        out.sql(isNull.isNot() ? " IS NOT NULL" : " IS NULL");
    }

    void comparison(ComparisonOperator comparison) {
        String operator = comparison.getStringExpression();
        if (!List.of("=", "!=", "<>", "<", "<=", ">", ">=").contains(operator)) {
            throw Refusals.refused(comparison, "has an operator that is not allowed here");
        }
        Expression left = comparison.getLeftExpression();
        Expression right = comparison.getRightExpression();
        expressions.write(left, expressions.kind(right));
        out.sql(" " + operator + " ");
        expressions.write(right, expressions.kind(left));
    }

    void in(InExpression in) {
        Kind kind = expressions.kind(in.getLeftExpression());
        expressions.write(in.getLeftExpression());
        out.sql(in.isNot() ? " NOT IN " : " IN ");
        switch (in.getRightExpression()) {
            case ParenthesedSelect select -> expressions.write(select);
            case ParenthesedExpressionList<?> list -> {
                String separator = "(";
                for (Expression value : list) {
                    out.sql(separator);
                    expressions.write(value, kind);
                    separator = ", ";
                }
                out.sql(list.isEmpty() ? "()" : ")");
            }
            default -> throw Refusals.refused(in.getRightExpression(), "must be a list or a select in parentheses");
        }
    }

    void like(LikeExpression like) {
        if (like.getLikeKeyWord() != LikeExpression.KeyWord.LIKE || like.isUseBinary() || like.getEscape() != null) {
            throw Refusals.refused(like, "must be plain 'like'; its escape is always a backslash");
        }
        out.sql(like.isNot() ? "NOT akidb_like(" : "akidb_like(");
        expressions.write(like.getLeftExpression());
        out.sql(", ");
        expressions.write(like.getRightExpression());
        out.sql(")");
    }

    void between(Between between) {
        Kind kind = expressions.kind(between.getLeftExpression());
        expressions.write(between.getLeftExpression());
        out.sql(between.isNot() ? " NOT BETWEEN " : " BETWEEN ");
        expressions.write(between.getBetweenExpressionStart(), kind);
        out.sql(" AND ");
        expressions.write(between.getBetweenExpressionEnd(), kind);
    }
}
