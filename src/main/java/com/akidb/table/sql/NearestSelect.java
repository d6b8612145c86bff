package com.akidb.table.sql;

import com.akidb.account.Account;
import com.akidb.engine.VectorSearch;
import com.akidb.query.Expression;
import com.akidb.query.Kind;
import com.akidb.query.Predicate;
import com.akidb.query.Predicates;
import com.akidb.query.Select;
import com.akidb.table.Search;
import com.akidb.table.TableSchema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A select of the common form {@code select columns from t [where conditions] order by similarity(column, ?) desc limit k},
 * which the vector index answers.
 *
 * @param probe number of the vector
 * @param cells for each column of the answer, its position in rows; {@link #SCORE} for the score
 */
record NearestSelect(
        TableSchema table,
        String column,
        int probe,
        int limit,
        @Nullable Predicate where,
        List<Integer> cells) {

    static final int SCORE = -1;

    /** The select in this form; null if it has another. */
    static @Nullable NearestSelect of(Select select, Map<UUID, TableSchema> tables) {
        boolean simple = !select.distinct()
                && select.groups().isEmpty()
                && select.having() == null
                && select.offset() == 0
                && select.limit() >= 1
                && select.limit() <= Search.MAX_REACH
                && select.from().size() == 1
                && select.orders().size() == 1
                && select.orders().getFirst().descending()
                && select.orders().getFirst().nullsFirst() == null;
        if (!simple
                || !(select.from().getFirst().source() instanceof Select.Source.Rows rows)
                || !(select.orders().getFirst().value() instanceof Expression.Similarity similarity)) {
            return null;
        }
        TableSchema table = Objects.requireNonNull(tables.get(rows.table()));
        List<Integer> cells = cells(select, similarity, table);
        Predicate where = select.where() == null ? null : Predicates.of(select.where());
        if (cells == null || (select.where() != null && where == null)) {
            return null;
        }
        return new NearestSelect(
                table, similarity.column().column(), similarity.probe(), (int) select.limit(), where, cells);
    }

    /** The search that finds its rows. */
    Search search(float[] vector, boolean explain, Duration timeout, Account account) {
        return new Search(
                table,
                column,
                new Search.Probe.Vector(vector),
                limit,
                0,
                where,
                null,
                false,
                VectorSearch.Options.DEFAULT,
                Search.Ranking.BY_SIMILARITY,
                explain,
                Search.Form.SQL,
                timeout,
                account);
    }

    private static @Nullable List<Integer> cells(Select select, Expression.Similarity order, TableSchema table) {
        List<Integer> cells = new ArrayList<>();
        for (Select.Item item : select.items()) {
            boolean plain = item.value() instanceof Expression.Column column
                    && column.path().isEmpty()
                    && column.kind() != Kind.VECTOR;
            if (!plain && !item.value().equals(order)) {
                return null;
            }
            cells.add(item.value() instanceof Expression.Column column ? table.position(column.column()) : SCORE);
        }
        return cells;
    }
}
