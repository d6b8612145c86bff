package com.akidb.engine.embedded.store;

import com.akidb.engine.Cell;
import com.akidb.engine.CellCounts;
import com.akidb.engine.CellQuery;
import com.akidb.engine.CellState;
import com.akidb.engine.GroupQuery;
import com.akidb.engine.QueryPage;
import com.akidb.engine.Row;
import com.akidb.engine.RowQuery;
import com.akidb.engine.TextSearch;
import com.akidb.engine.embedded.sql.OrderSql;
import com.akidb.engine.embedded.sql.PredicateSql;
import com.akidb.engine.embedded.sql.RowExpressions;
import com.akidb.engine.embedded.sql.SqlField;
import com.akidb.engine.embedded.sql.SqlText;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers queries of one table by SQL. Calls block. */
public final class TableQueries {

    private static final int MOST = 10_000;
    private static final int MOST_CELLS = 1_000;

    private final StoredTable table;
    private final TableReads reads;
    private final TextQueries texts;

    TableQueries(StoredTable table, Readers readers) {
        this.table = table;
        this.reads = new TableReads(table, readers);
        this.texts = new TextQueries(table, reads);
    }

    /** Rows by their scalar columns, as of one commit. */
    public QueryPage query(RowQuery query) {
        requireLimit(query.limit());
        if (query.offset() < 0) {
            throw new InvalidInputException(ErrorCode.OUT_OF_RANGE, "offset must be 0 or more", "offset");
        }
        return reads.readAsOfOneCommit((reader, layout) -> {
            OrderSql order = new OrderSql(layout, query.order());
            TableSql sql = layout.sql();
            PreparedStatement rowById = reader.get(query.includeVectors() ? sql.rowByIdWithVectors : sql.rowById);
            List<Row> rows = new ArrayList<>();
            List<List<@Nullable Object>> computed = new ArrayList<>();
            long bytes = 0;
            try (RowExpressions expressions = new RowExpressions(reader.connection(), layout, query.computed());
                    PreparedStatement select = reader.prepare(places(layout, query, order));
                    ResultSet place = select.executeQuery()) {
                RowQuery.Place last = null;
                while (last == null && place.next()) {
                    Row row = row(rowById, place.getLong(1), layout, query.includeVectors());
                    rows.add(row);
                    computed.add(expressions.compute(place.getLong(1)));
                    bytes += MutationCheck.weigh(row) + MutationCheck.weigh(computed.getLast());
                    boolean full = rows.size() == query.limit() || bytes >= query.mostBytes();
                    last = full ? order.place(place) : null;
                }
                return new QueryPage(rows, computed, last != null && place.next() ? last : null);
            }
        });
    }

    private static void requireLimit(int limit) {
        if (limit < 1 || limit > MOST) {
            throw new InvalidInputException(ErrorCode.OUT_OF_RANGE, "limit must be from 1 to " + MOST, "limit");
        }
    }

    /** Ids and order of the rows of a page and one more: what is sorted stays small. */
    private static SqlText places(TableLayout layout, RowQuery query, OrderSql order) {
        SqlText sql = new SqlText().add("SELECT id");
        order.appendFields(sql);
        sql.add(" FROM " + layout.names().rows() + " WHERE ");
        appendWhere(layout, query.where(), sql);
        RowQuery.Place after = query.after();
        if (after != null) {
            sql.add(" AND (");
            order.appendAfter(after, sql);
            sql.add(")");
        }
        sql.add(" ORDER BY ");
        order.appendOrder(sql);
        return sql.add(" LIMIT ").value(query.limit() + 1).add(" OFFSET ").value(query.offset());
    }

    private static void appendWhere(TableLayout layout, @Nullable Predicate where, SqlText sql) {
        if (where == null) {
            sql.add("true");
        } else {
            sql.add("(");
            PredicateSql.append(layout, where, sql);
            sql.add(")");
        }
    }

    /** A row that is there as of the commit that is read. */
    private static Row row(PreparedStatement select, long id, TableLayout layout, boolean includeVectors)
            throws SQLException {
        select.setLong(1, id);
        try (ResultSet result = select.executeQuery()) {
            result.next();
            return RowReader.row(result, layout, includeVectors);
        }
    }

    /** How many rows satisfy a condition. */
    public long count(@Nullable Predicate where) {
        if (where == null) {
            return table.state().rowCount();
        }
        return reads.read((reader, layout) -> {
            SqlText sql =
                    new SqlText().add("SELECT count(*) FROM " + layout.names().rows() + " WHERE ");
            appendWhere(layout, where, sql);
            try (PreparedStatement select = reader.prepare(sql);
                    ResultSet result = select.executeQuery()) {
                result.next();
                return result.getLong(1);
            }
        });
    }

    /** Combinations of values and their counts. */
    public List<GroupQuery.Group> groups(GroupQuery query) {
        requireLimit(query.limit());
        if (query.by().isEmpty()) {
            throw new InvalidInputException(ErrorCode.MISSING_FIELD, "Rows are grouped by at least one field", "by");
        }
        return reads.read((reader, layout) -> {
            List<SqlField> fields = new ArrayList<>();
            for (FieldPath path : query.by()) {
                fields.add(OrderSql.field(layout, path, "by"));
            }
            List<GroupQuery.Group> groups = new ArrayList<>();
            try (PreparedStatement select = reader.prepare(groups(layout, query, fields));
                    ResultSet result = select.executeQuery()) {
                while (result.next()) {
                    List<@Nullable Object> values = new ArrayList<>();
                    for (int i = 0; i < fields.size(); i++) {
                        values.add(OrderSql.value(result, i + 2, fields.get(i)));
                    }
                    groups.add(new GroupQuery.Group(values, result.getLong(1)));
                }
            }
            return groups;
        });
    }

    private static SqlText groups(TableLayout layout, GroupQuery query, List<SqlField> fields) {
        SqlText sql = new SqlText().add("SELECT count(*)");
        StringBuilder places = new StringBuilder();
        for (int i = 0; i < fields.size(); i++) {
            sql.add(", ").add(fields.get(i).sql());
            places.append(i == 0 ? "" : ", ").append(i + 2);
        }
        sql.add(" FROM " + layout.names().rows() + " WHERE ");
        appendWhere(layout, query.where(), sql);
        return sql.add(" GROUP BY " + places)
                .add(" ORDER BY " + (query.byCount() ? "1 DESC, " : "") + places + " LIMIT ")
                .value(query.limit());
    }

    /** How SQLite would run a query, step by step. */
    public List<String> explain(RowQuery query) {
        return reads.read((reader, layout) -> {
            SqlText sql = new SqlText().add("EXPLAIN QUERY PLAN ");
            sql.add(places(layout, query, new OrderSql(layout, query.order())));
            try (PreparedStatement select = reader.prepare(sql);
                    ResultSet result = select.executeQuery()) {
                return PlanText.read(result, layout, table.indexes());
            }
        });
    }

    /** How many cells of a vector column are in which state. */
    public CellCounts countCells(String column) {
        return reads.readAsOfOneCommit(
                (reader, layout) -> CellReader.count(reader, layout, layout.vectorPosition(column, "column")));
    }

    /** Cells that wait or failed, in the order of their row ids. */
    public List<Cell> cells(CellQuery query) {
        if (query.limit() < 1 || query.limit() > MOST_CELLS) {
            throw new InvalidInputException(ErrorCode.OUT_OF_RANGE, "limit must be from 1 to " + MOST_CELLS, "limit");
        }
        if (query.state() != CellState.PENDING && query.state() != CellState.FAILED) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT, "Only cells that wait or failed are listed", "state");
        }
        return reads.read((reader, layout) -> CellReader.cells(reader, layout, query));
    }

    /** Rows by their words, best first. */
    public List<TextSearch.TextHit> searchText(TextSearch search) {
        return texts.search(search);
    }
}
