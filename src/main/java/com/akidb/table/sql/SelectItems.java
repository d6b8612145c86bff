package com.akidb.table.sql;

import com.akidb.text.Words;
import java.util.ArrayList;
import java.util.List;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.LongValue;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.select.AllColumns;
import net.sf.jsqlparser.statement.select.AllTableColumns;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.SelectItem;
import org.jspecify.annotations.Nullable;

/** The columns of a select's answer. */
final class SelectItems {

    private SelectItems() {}

    /** A column of the answer: an expression, or a column that a star stands for. */
    record Item(Source.Output output, @Nullable Expression expression, Scope.@Nullable Found found) {}

    static List<Item> read(PlainSelect select, Scope scope, Expressions expressions) {
        List<Item> items = new ArrayList<>();
        for (SelectItem<?> item : select.getSelectItems()) {
            Expression expression = item.getExpression();
            if (expression instanceof AllColumns all) {
                stars(all, scope, items);
                continue;
            }
            if (item.getAlias() != null && item.getAlias().getAliasColumns() != null) {
                throw Refusals.refused(item, "has an alias with columns, which is not allowed here");
            }
            String label = item.getAlias() != null
                    ? Words.unquoted(item.getAlias().getName())
                    : expression instanceof Column column ? Scope.names(column).getLast() : expression.toString();
            Scope.Found found = expression instanceof Column column ? scope.resolve(column) : null;
            Source.Output output = found != null && found.path().isEmpty()
                    ? new Source.Output(
                            label,
                            found.kind(),
                            found.column().column(),
                            found.column().schema())
                    : new Source.Output(label, expressions.kind(expression), null, null);
            items.add(new Item(output, expression, null));
        }
        return items;
    }

    /** Embedding columns are there for who names them: they are large. */
    private static void stars(AllColumns all, Scope scope, List<Item> items) {
        Table table = all instanceof AllTableColumns ofOne ? ofOne.getTable() : null;
        String called = table == null ? "" : Words.unquoted(table.getName());
        if (!all.toString().equals(table == null ? "*" : table.getName() + ".*")) {
            throw Refusals.refused(all, "must be a plain star");
        }
        int before = items.size();
        for (Source source : scope.sources()) {
            for (int i = 0;
                    (table == null || source.isCalled(called))
                            && i < source.columns().size();
                    i++) {
                Source.Output column = source.columns().get(i);
                if (column.kind() != Kind.VECTOR) {
                    items.add(new Item(column, null, new Scope.Found(source, i, List.of())));
                }
            }
        }
        if (items.size() == before) {
            throw Refusals.refused(all, "means no column");
        }
    }

    /** The item that a number or a bare name means, unless a column has that name; null if it means none. */
    static @Nullable Expression meant(Expression expression, Scope scope, List<Item> items) {
        if (expression instanceof LongValue ordinal) {
            return items.get(ordinal(ordinal, items)).expression();
        }
        int position = position(expression, items);
        boolean isColumn = position >= 0
                && scope.sources().stream()
                        .anyMatch(source ->
                                source.find(items.get(position).output().name()) >= 0);
        return position < 0 || isColumn ? null : items.get(position).expression();
    }

    /** Position of the column of the answer that a number means. */
    static int ordinal(LongValue number, List<Item> items) {
        long position = number.getBigIntegerValue().bitLength() < 31 ? number.getValue() : 0;
        if (position < 1 || position > items.size()) {
            throw Refusals.refused(number, "is not the number of a column of the answer");
        }
        return (int) position - 1;
    }

    /** Position of the column of the answer that has a bare name as its alias; -1 if none has. */
    static int position(Expression expression, List<Item> items) {
        if (expression instanceof Column column && Scope.names(column).size() == 1) {
            String name = Scope.names(column).getFirst();
            for (int i = 0; i < items.size(); i++) {
                if (items.get(i).expression() != null
                        && Source.same(items.get(i).output().name(), name)) {
                    return i;
                }
            }
        }
        return -1;
    }
}
