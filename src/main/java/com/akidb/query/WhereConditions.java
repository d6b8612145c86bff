package com.akidb.query;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.text.Words;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import net.sf.jsqlparser.expression.BinaryExpression;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.NotExpression;
import net.sf.jsqlparser.expression.operators.conditional.AndExpression;
import net.sf.jsqlparser.expression.operators.conditional.OrExpression;
import net.sf.jsqlparser.expression.operators.relational.Between;
import net.sf.jsqlparser.expression.operators.relational.ComparisonOperator;
import net.sf.jsqlparser.expression.operators.relational.InExpression;
import net.sf.jsqlparser.expression.operators.relational.IsNullExpression;
import net.sf.jsqlparser.expression.operators.relational.LikeExpression;
import net.sf.jsqlparser.expression.operators.relational.ParenthesedExpressionList;
import net.sf.jsqlparser.parser.ASTNodeAccess;
import net.sf.jsqlparser.parser.Token;
import net.sf.jsqlparser.schema.Column;
import org.jspecify.annotations.Nullable;

/** Turns what the SQL parser read into predicates, and refuses whatever they have no word for. */
final class WhereConditions {

    private final WhereText source;
    private final WhereValues values;
    private final FieldResolver fields;
    private final FilterLeaves leaves;
    private final FilterLimits limits;

    WhereConditions(
            WhereText source, List<Object> params, String paramsField, FieldResolver fields, FilterLimits limits) {
        this.source = source;
        values = new WhereValues(source, params, paramsField);
        this.fields = fields;
        leaves = new FilterLeaves(fields);
        this.limits = limits;
    }

    void requireAllParamsUsed() {
        values.requireAllUsed();
    }

    Predicate read(Expression expression) {
        return switch (expression) {
            case AndExpression and -> new Predicate.And(terms(and, AndExpression.class));
            case OrExpression or -> new Predicate.Or(terms(or, OrExpression.class));
            case NotExpression not when !not.isExclamationMark() -> new Predicate.Not(read(not.getExpression()));
            case ParenthesedExpressionList<?> list when list.size() == 1 -> read(list.getFirst());
            case ComparisonOperator comparison -> comparison(comparison);
            case InExpression in -> in(in);
            case LikeExpression like -> like(like);
            case Between between -> between(between);
            case IsNullExpression isNull when !isNull.isUseIsNull() && !isNull.isUseNotNull() -> isNull(isNull);
            default -> throw refused(expression, "is not a condition that is allowed here");
        };
    }

    /** The terms of {@code a and b and c}, which the parser nests to the left, one level each. */
    private List<Predicate> terms(BinaryExpression chain, Class<? extends BinaryExpression> kind) {
        Deque<Expression> terms = new ArrayDeque<>();
        Expression rest = chain;
        while (kind.isInstance(rest)) {
            BinaryExpression link = (BinaryExpression) rest;
            terms.addFirst(link.getRightExpression());
            rest = link.getLeftExpression();
        }
        terms.addFirst(rest);
        List<Predicate> predicates = new ArrayList<>(terms.size());
        for (Expression term : terms) {
            predicates.add(read(term));
        }
        return predicates;
    }

    private Predicate comparison(ComparisonOperator comparison) {
        FieldPath column = column(comparison.getLeftExpression());
        Predicate.Operator operator = switch (comparison.getStringExpression()) {
            case "=" -> Predicate.Operator.EQUAL;
            case "!=", "<>" -> Predicate.Operator.NOT_EQUAL;
            case "<" -> Predicate.Operator.LESS;
            case "<=" -> Predicate.Operator.LESS_OR_EQUAL;
            case ">" -> Predicate.Operator.GREATER;
            case ">=" -> Predicate.Operator.GREATER_OR_EQUAL;
            default -> throw refused(comparison, "has an operator that is not allowed here");
        };
        return compare(column, operator, comparison.getRightExpression());
    }

    private Predicate compare(FieldPath column, Predicate.Operator operator, Expression value) {
        WhereValues.Value read = values.read(value);
        return leaves.compare(column, operator, read.constant(), read.place());
    }

    private Predicate in(InExpression in) {
        FieldPath column = column(in.getLeftExpression());
        if (!(in.getRightExpression() instanceof ParenthesedExpressionList<?> list) || in.isGlobal()) {
            throw refused(in.getRightExpression(), "must be a list of values in parentheses");
        }
        limits.values(list.size(), place(list));
        List<Object> constants = new ArrayList<>(list.size());
        for (Expression value : list) {
            WhereValues.Value read = values.read(value);
            constants.add(leaves.constant(column, read.constant(), read.place()));
        }
        return negated(in.isNot(), new Predicate.In(column, constants));
    }

    private Predicate like(LikeExpression like) {
        if (like.getLikeKeyWord() != LikeExpression.KeyWord.LIKE || like.isUseBinary() || like.getEscape() != null) {
            throw refused(like, "must be plain 'like'; its escape is always a backslash");
        }
        FieldPath column = column(like.getLeftExpression());
        WhereValues.Value pattern = values.read(like.getRightExpression());
        return negated(like.isNot(), leaves.like(column, pattern.constant(), pattern.place()));
    }

    private Predicate between(Between between) {
        if (between.isUsingSymmetric() || between.isUsingAsymmetric()) {
            throw refused(between.getBetweenExpressionStart(), "must be plain 'between'");
        }
        FieldPath column = column(between.getLeftExpression());
        Predicate low = compare(column, Predicate.Operator.GREATER_OR_EQUAL, between.getBetweenExpressionStart());
        Predicate high = compare(column, Predicate.Operator.LESS_OR_EQUAL, between.getBetweenExpressionEnd());
        return negated(between.isNot(), new Predicate.And(List.of(low, high)));
    }

    private Predicate isNull(IsNullExpression isNull) {
        return negated(isNull.isNot(), new Predicate.IsNull(column(isNull.getLeftExpression())));
    }

    private static Predicate negated(boolean not, Predicate predicate) {
        return not ? new Predicate.Not(predicate) : predicate;
    }

    /** The column on the left of a condition, which is counted. */
    private FieldPath column(Expression left) {
        limits.condition(place(left));
        if (!(left instanceof Column column) || column.getASTNode() == null) {
            throw refused(left, "must be the name of a column");
        }
        StringBuilder name = new StringBuilder();
        Token last = column.getASTNode().jjtGetLastToken();
        for (Token token = column.getASTNode().jjtGetFirstToken(); ; token = token.next) {
            name.append(Words.unquoted(token.image));
            if (token == last || token.next == null) {
                break;
            }
        }
        if (name.isEmpty()) {
            throw refused(left, "must be the name of a column");
        }
        return fields.resolve(name.toString(), source.field());
    }

    private InvalidInputException refused(Expression expression, String what) {
        return place(expression).invalid(ErrorCode.INVALID_ARGUMENT, what);
    }

    private Place place(Expression expression) {
        return place(source, expression);
    }

    /** Where something begins. Not everything knows; then what is on its left does. */
    static Place place(WhereText source, @Nullable Expression expression) {
        Expression leftmost = expression;
        while (leftmost != null) {
            if (leftmost instanceof ASTNodeAccess node && node.getASTNode() != null) {
                return source.place(node.getASTNode().jjtGetFirstToken());
            }
            leftmost = switch (leftmost) {
                case BinaryExpression binary -> binary.getLeftExpression();
                case Between between -> between.getLeftExpression();
                case IsNullExpression isNull -> isNull.getLeftExpression();
                case NotExpression not -> not.getExpression();
                default -> null;
            };
        }
        return Place.of(source.field());
    }
}
