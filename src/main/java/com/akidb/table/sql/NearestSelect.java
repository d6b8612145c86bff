package com.akidb.table.sql;

import com.akidb.engine.VectorSearch;
import com.akidb.error.AkidbException;
import com.akidb.query.FieldResolver;
import com.akidb.query.Predicate;
import com.akidb.query.WhereTextParser;
import com.akidb.table.TableDirectory;
import com.akidb.table.TableSchema;
import com.akidb.text.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.expression.JdbcParameter;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.select.AllColumns;
import net.sf.jsqlparser.statement.select.OrderByElement;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.SelectItem;
import org.jspecify.annotations.Nullable;

/**
 * The common form {@code select columns from t [where conditions] order by similarity(column, ?) desc limit k}, which the
 * vector index answers.
 *
 * @param cells for each column of the answer its position in rows; {@link #SCORE} for the score
 */
record NearestSelect(
        TableSchema table,
        String column,
        Supplier<float[]> vector,
        int limit,
        @Nullable Predicate where,
        List<Integer> cells) {

    static final int SCORE = -1;
    private static final int MOST = 10_000;

    /** The select in this form; empty if it is of another. */
    static Optional<NearestSelect> of(
            PlainSelect select,
            TableDirectory tables,
            Values values,
            QueryVectors vectors,
            List<? extends @Nullable Object> params) {
        try {
            return Optional.ofNullable(read(select, tables, values, vectors, params));
        } catch (AkidbException e) {
            // Whatever is wrong with it is for the general way to tell.
            return Optional.empty();
        }
    }

    private static @Nullable NearestSelect read(
            PlainSelect select,
            TableDirectory tables,
            Values values,
            QueryVectors vectors,
            List<? extends @Nullable Object> params) {
        List<OrderByElement> orders = select.getOrderByElements();
        boolean simple = select.getJoins() == null
                && select.getGroupBy() == null
                && select.getHaving() == null
                && select.getDistinct() == null
                && select.getOffset() == null
                && select.getLimit() != null
                && select.getLimit().getOffset() == null
                && orders != null
                && orders.size() == 1
                && !orders.getFirst().isAsc()
                && orders.getFirst().getNullOrdering() == null;
        if (!simple || !(select.getFromItem() instanceof Table from)) {
            return null;
        }
        TableSchema table = tables.require(Selects.tableName(from));
        String alias = from.getAlias() == null
                ? table.name()
                : Words.unquoted(from.getAlias().getName());
        Scope scope = new Scope(null);
        scope.add(Source.table("s1", alias, table));
        Similarity order = similarity(target(orders.getFirst().getExpression(), select), scope);
        long limit = values.read(select.getLimit().getRowCount()) instanceof Long number ? number : 0;
        List<Integer> cells = order == null ? null : cells(select, scope, order, values);
        if (order == null || cells == null || limit < 1 || limit > MOST) {
            return null;
        }
        Predicate where = select.getWhere() == null ? null : where(select.getWhere(), table, alias, params);
        return new NearestSelect(
                table, order.column().name(), order.vector(values, vectors), (int) limit, where, cells);
    }

    /** What an order by an alias means. */
    private static Expression target(Expression expression, PlainSelect select) {
        for (SelectItem<?> item : select.getSelectItems()) {
            if (item.getAlias() != null
                    && expression instanceof Column column
                    && Scope.names(column).size() == 1
                    && Source.same(
                            Words.unquoted(item.getAlias().getName()),
                            Scope.names(column).getFirst())) {
                return item.getExpression();
            }
        }
        return expression;
    }

    private static @Nullable Similarity similarity(Expression expression, Scope scope) {
        return expression instanceof Function function
                        && Functions.name(function).equals(Functions.SIMILARITY)
                ? Similarity.of(function, scope)
                : null;
    }

    private static @Nullable List<Integer> cells(PlainSelect select, Scope scope, Similarity order, Values values) {
        TableSchema table = order.schema();
        List<Integer> cells = new ArrayList<>();
        for (SelectItem<?> item : select.getSelectItems()) {
            switch (item.getExpression()) {
                case AllColumns all
                when all.toString().equals("*") ->
                    table.all(false).forEach(column -> cells.add(table.position(column.name())));
                case Column column -> {
                    Scope.Found found = scope.resolve(column);
                    if (!found.path().isEmpty() || found.kind() == Kind.VECTOR) {
                        return null;
                    }
                    cells.add(table.position(found.column().name()));
                }
                case Function function -> {
                    Similarity same = similarity(function, scope);
                    if (same == null
                            || !same.column().name().equals(order.column().name())
                            || !Objects.deepEquals(values.read(same.query()), values.read(order.query()))) {
                        return null;
                    }
                    cells.add(SCORE);
                }
                default -> {
                    return null;
                }
            }
        }
        return cells;
    }

    /** The conditions as filters have them; they say no to what only SQL can say. */
    private static Predicate where(
            Expression where, TableSchema table, String alias, List<? extends @Nullable Object> params) {
        List<@Nullable Object> own = new ArrayList<>();
        where.accept(new net.sf.jsqlparser.expression.ExpressionVisitorAdapter<Void>() {
            @Override
            public <S> Void visit(JdbcParameter parameter, S context) {
                own.add(params.get(parameter.getIndex() - 1));
                return null;
            }
        });
        FieldResolver fields = table.fields();
        String prefix = alias + ".";
        return WhereTextParser.parse(where.toString(), own, Refusals.QUERY, new FieldResolver() {
            @Override
            public com.akidb.query.FieldPath resolve(String name, String field) {
                boolean qualified = name.regionMatches(true, 0, prefix, 0, prefix.length());
                return fields.resolve(qualified ? name.substring(prefix.length()) : name, field);
            }

            @Override
            public Object constant(com.akidb.query.FieldPath place, Object value, String field) {
                return fields.constant(place, value, field);
            }
        });
    }

    VectorSearch search() {
        return new VectorSearch(column, vector.get(), limit, where, null, false, false);
    }
}
