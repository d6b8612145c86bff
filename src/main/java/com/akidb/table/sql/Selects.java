package com.akidb.table.sql;

import com.akidb.table.TableDirectory;
import com.akidb.text.Words;
import java.util.List;
import net.sf.jsqlparser.expression.Alias;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.JdbcParameter;
import net.sf.jsqlparser.expression.LongValue;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.select.Distinct;
import net.sf.jsqlparser.statement.select.FromItem;
import net.sf.jsqlparser.statement.select.GroupByElement;
import net.sf.jsqlparser.statement.select.Join;
import net.sf.jsqlparser.statement.select.Limit;
import net.sf.jsqlparser.statement.select.OrderByElement;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;
import net.sf.jsqlparser.statement.select.PlainSelect;
import org.jspecify.annotations.Nullable;

/** Writes selects anew, clause by clause. */
final class Selects {

    private final TableDirectory tables;
    private final Values values;
    private final QueryVectors vectors;
    private int sources;

    Selects(TableDirectory tables, Values values, QueryVectors vectors) {
        this.tables = tables;
        this.values = values;
        this.vectors = vectors;
    }

    /** Writes a select and tells its columns. */
    List<Source.Output> write(PlainSelect select, @Nullable Scope outer, Pieces out) {
        requirePlain(select);
        Scope scope = new Scope(outer);
        Pieces from = from(select, scope);
        Expressions expressions = new Expressions(scope, values, vectors, this::inside, out);
        List<SelectItems.Item> items = SelectItems.read(select, scope, expressions);
        out.sql(select.getDistinct() == null ? "SELECT " : "SELECT DISTINCT ");
        for (int i = 0; i < items.size(); i++) {
            SelectItems.Item item = items.get(i);
            out.sql(i == 0 ? "" : ", ");
            if (item.found() != null) {
                out.sql(item.found().source().use(item.found().position()));
            } else if (item.expression() != null) {
                expressions.write(item.expression());
            }
            out.sql(" AS k" + i);
        }
        out.add(from);
        if (select.getWhere() != null) {
            out.sql(" WHERE ");
            expressions.write(select.getWhere());
        }
        groups(select, items, scope, expressions, out);
        orders(select, items, expressions, out);
        limit(select, out);
        return items.stream().map(SelectItems.Item::output).toList();
    }

    private void inside(ParenthesedSelect select, Scope outer, Pieces out) {
        out.sql("(");
        write(plain(select), outer, out);
        out.sql(")");
    }

    private static PlainSelect plain(ParenthesedSelect select) {
        ParenthesedSelect bare = new ParenthesedSelect().withSelect(select.getSelect());
        bare.setAlias(select.getAlias());
        if (!(select.getSelect() instanceof PlainSelect plain)
                || !bare.toString().equals(select.toString())) {
            throw Refusals.refused(select, "must be one plain select in parentheses");
        }
        return plain;
    }

    /** Refuses clauses that nobody here would write: they would be passed over in silence. */
    private static void requirePlain(PlainSelect select) {
        PlainSelect known = new PlainSelect();
        known.setDistinct(select.getDistinct() == null ? null : new Distinct());
        known.setSelectItems(select.getSelectItems());
        known.setFromItem(select.getFromItem());
        known.setJoins(select.getJoins());
        known.setWhere(select.getWhere());
        known.setGroupByElement(select.getGroupBy());
        known.setHaving(select.getHaving());
        known.setOrderByElements(select.getOrderByElements());
        known.setLimit(select.getLimit());
        known.setOffset(select.getOffset());
        if (!known.toString().equals(select.toString())) {
            throw Refusals.refused(
                    "must have no clauses but select, distinct, from, join, where, group by, having, order by, limit,"
                            + " offset");
        }
    }

    private Pieces from(PlainSelect select, Scope scope) {
        Pieces from = new Pieces();
        if (select.getFromItem() == null) {
            return from;
        }
        from.sql(" FROM ");
        source(select.getFromItem(), scope, from);
        for (Join join : select.getJoins() == null ? List.<Join>of() : select.getJoins()) {
            join(join, scope, from);
        }
        return from;
    }

    private void join(Join join, Scope scope, Pieces from) {
        Join known = new Join();
        known.setFromItem(join.getFromItem());
        known.setSimple(join.isSimple());
        known.setInner(join.isInner());
        known.setLeft(join.isLeft());
        known.setOuter(join.isOuter() && join.isLeft());
        known.setCross(join.isCross());
        join.getOnExpressions().forEach(known::addOnExpression);
        if (!known.toString().equals(join.toString())) {
            throw Refusals.refused(
                    "has a join that is not allowed; there are 'join', 'left join', 'cross join', and 'on'");
        }
        from.sql(join.isLeft() ? " LEFT JOIN " : join.isCross() || join.isSimple() ? " CROSS JOIN " : " JOIN ");
        source(join.getFromItem(), scope, from);
        Expressions expressions = new Expressions(scope, values, vectors, this::inside, from);
        String word = " ON ";
        for (Expression condition : join.getOnExpressions()) {
            from.sql(word);
            expressions.write(condition);
            word = " AND ";
        }
    }

    private void source(FromItem item, Scope scope, Pieces from) {
        Alias alias = item.getAlias();
        if (alias != null && alias.getAliasColumns() != null) {
            throw Refusals.refused(item, "has an alias with columns, which is not allowed here");
        }
        String called = alias == null ? "" : Words.unquoted(alias.getName());
        String sqlName = "s" + ++sources;
        Source source;
        if (item instanceof Table table) {
            source = table(table, called, sqlName);
        } else if (item instanceof ParenthesedSelect select) {
            Pieces body = new Pieces();
            List<Source.Output> columns = write(plain(select), null, body);
            source = Source.subquery(sqlName, called, columns, body);
        } else {
            throw Refusals.refused(item, "is not allowed behind from; only tables and selects in parentheses are");
        }
        scope.add(source);
        source.write(from);
    }

    private Source table(Table table, String called, String sqlName) {
        String name = tableName(table);
        return Source.table(sqlName, called.isEmpty() ? name : called, tables.require(name));
    }

    /** The name of a table that is given by its name alone; a quoted one may have dots. */
    static String tableName(Table table) {
        String bare = table.getFullyQualifiedName() + (table.getAlias() == null ? "" : table.getAlias());
        if (table.getASTNode() == null
                || table.getASTNode().jjtGetFirstToken().next.image.equals(".")
                || !bare.equals(table.toString())) {
            throw Refusals.refused(table, "must be the name of a table and nothing more");
        }
        return Words.unquoted(table.getASTNode().jjtGetFirstToken().image);
    }

    private static void groups(
            PlainSelect select, List<SelectItems.Item> items, Scope scope, Expressions expressions, Pieces out) {
        GroupByElement groupBy = select.getGroupBy();
        if (groupBy != null) {
            GroupByElement known = new GroupByElement();
            known.setGroupByExpressions(groupBy.getGroupByExpressionList());
            if (!known.toString().equals(groupBy.toString())) {
                throw Refusals.refused("has a group by with more than expressions");
            }
            String word = " GROUP BY ";
            for (Expression expression : groupBy.getGroupByExpressionList()) {
                out.sql(word);
                Expression aliased = SelectItems.meant(expression, scope, items);
                expressions.write(aliased == null ? expression : aliased);
                word = ", ";
            }
        }
        if (select.getHaving() != null) {
            out.sql(" HAVING ");
            expressions.write(select.getHaving());
        }
    }

    private static void orders(PlainSelect select, List<SelectItems.Item> items, Expressions expressions, Pieces out) {
        String word = " ORDER BY ";
        for (OrderByElement order :
                select.getOrderByElements() == null ? List.<OrderByElement>of() : select.getOrderByElements()) {
            if (order.getWithFill() != null || order.isMysqlWithRollup()) {
                throw Refusals.refused("has an order by with more than expressions, asc, desc and nulls first or last");
            }
            out.sql(word);
            word = ", ";
            Expression expression = order.getExpression();
            int position = SelectItems.position(expression, items);
            if (expression instanceof LongValue number) {
                position = SelectItems.ordinal(number, items);
            }
            if (position >= 0) {
                out.sql(String.valueOf(position + 1));
            } else {
                expressions.write(expression);
            }
            out.sql(order.isAsc() ? "" : " DESC");
            if (order.getNullOrdering() != null) {
                out.sql(
                        order.getNullOrdering() == OrderByElement.NullOrdering.NULLS_FIRST
                                ? " NULLS FIRST"
                                : " NULLS LAST");
            }
        }
    }

    private void limit(PlainSelect select, Pieces out) {
        Limit limit = select.getLimit();
        if (limit != null && limit.getByExpressions() != null) {
            throw Refusals.refused("has a limit by, which is not allowed here");
        }
        Expression count = limit == null ? null : limit.getRowCount();
        Expression offset = limit != null && limit.getOffset() != null
                ? limit.getOffset()
                : select.getOffset() == null ? null : select.getOffset().getOffset();
        if (count != null || offset != null) {
            out.sql(" LIMIT ").value(count == null ? -1L : whole(count));
            out.sql(" OFFSET ").value(offset == null ? 0L : whole(offset));
        }
    }

    /** A whole number, 0 or more. */
    long whole(Expression expression) {
        boolean value = expression instanceof LongValue || expression instanceof JdbcParameter;
        if (value && values.read(expression) instanceof Long number && number >= 0) {
            return number;
        }
        throw Refusals.refused(expression, "must be a whole number, 0 or more");
    }
}
