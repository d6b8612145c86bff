package com.akidb.engine.embedded.read;

import com.akidb.engine.Cell;
import com.akidb.engine.CellCounts;
import com.akidb.engine.CellQuery;
import com.akidb.engine.CellState;
import com.akidb.engine.Changes;
import com.akidb.engine.ColumnType;
import com.akidb.engine.GroupQuery;
import com.akidb.engine.QueryPage;
import com.akidb.engine.Row;
import com.akidb.engine.RowPage;
import com.akidb.engine.RowQuery;
import com.akidb.engine.TextSearch;
import com.akidb.engine.embedded.catalog.Catalog;
import com.akidb.engine.embedded.catalog.IndexRecord;
import com.akidb.engine.embedded.catalog.TableLayout;
import com.akidb.engine.embedded.catalog.TableNames;
import com.akidb.engine.embedded.catalog.TableRecord;
import com.akidb.engine.embedded.catalog.TableSql;
import com.akidb.engine.embedded.catalog.TableSql.CellSql;
import com.akidb.engine.embedded.catalog.ValueCheck;
import com.akidb.engine.embedded.file.Readers;
import com.akidb.engine.embedded.file.Statements;
import com.akidb.engine.embedded.sql.ColumnValues;
import com.akidb.engine.embedded.sql.OrderSql;
import com.akidb.engine.embedded.sql.PredicateSql;
import com.akidb.engine.embedded.sql.SqlField;
import com.akidb.engine.embedded.sql.SqlText;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.error.TooLargeException;
import com.akidb.memory.Heap;
import com.akidb.memory.RequestMemory;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads one table: rows by their keys and ids, queries by SQL, words, and the states of cells. Callers have pinned the layout
 * under which they read; where the store is ahead of it, calls fail with NotFound. They block.
 */
public final class StoredRows {

    private static final int MOST = 10_000;

    /** Of rows that are read by their ids, which a search needs all at once; a sixteenth of the heap. */
    private static final long MOST_BYTES = Math.clamp(Heap.bytes() / 16, 2L << 20, 512L << 20);

    private static final int MOST_CELLS = 1_000;
    private static final int ROW_WEIGHT = 128;
    private static final int FIRST_COLUMN = 4;
    private static final Pattern COLUMN = Pattern.compile("\\bc(\\d+)\\b");

    private final TableRecord table;
    private final Readers readers;
    private final Readers scanners;
    private final TextSearcher texts;

    /**
     * Reads a table.
     *
     * @param readers for what takes as long as its answer is large
     * @param scanners for what may look at each row, and must not keep the other reads from their turn
     */
    public StoredRows(TableRecord table, Readers readers, Readers scanners) {
        this.table = table;
        this.readers = readers;
        this.scanners = scanners;
        this.texts = new TextSearcher(table, scanners);
    }

    /** The row with that primary key. */
    public Optional<Row> byKey(TableLayout layout, String key, boolean includeVectors) {
        return readers.read(reader -> {
            Object value = layout.parseKey(key);
            if (value == null) {
                return Optional.<Row>empty();
            }
            TableSql sql = layout.sql();
            PreparedStatement select = reader.get(includeVectors ? sql.rowByKeyWithVectors : sql.rowByKey);
            ColumnValues.bind(select, 1, layout.keyType(), value);
            try (ResultSet result = select.executeQuery()) {
                if (!result.next()) {
                    return Optional.empty();
                }
                Row row = row(result, layout, includeVectors);
                RequestMemory.takeOfCurrent(row.weight());
                return Optional.of(row);
            }
        });
    }

    /** Rows after a row id, in order. */
    public RowPage after(TableLayout layout, long rowId, int limit, boolean includeVectors) {
        return readers.read(reader -> {
            TableSql sql = layout.sql();
            PreparedStatement select = reader.get(includeVectors ? sql.rowsAfterWithVectors : sql.rowsAfter);
            select.setLong(1, rowId);
            select.setInt(2, limit + 1);
            List<Row> rows = new ArrayList<>();
            try (ResultSet result = select.executeQuery()) {
                while (rows.size() < limit && result.next()) {
                    rows.add(row(result, layout, includeVectors));
                }
                boolean more = rows.size() == limit && result.next();
                return new RowPage(rows, more ? rows.getLast().rowId() : null);
            }
        });
    }

    /** The rows with these ids as of one commit; see {@link com.akidb.engine.TableReader#rows}. */
    public List<@Nullable Row> byIds(TableLayout layout, long[] rowIds, boolean includeVectors) {
        return readers.readAsOfOneCommit(reader -> byIds(reader, layout, rowIds, includeVectors));
    }

    private static List<@Nullable Row> byIds(
            Statements reader, TableLayout layout, long[] rowIds, boolean includeVectors) throws SQLException {
        List<@Nullable Row> rows = new ArrayList<>(rowIds.length);
        TableSql sql = layout.sql();
        PreparedStatement select = reader.get(includeVectors ? sql.rowByIdWithVectors : sql.rowById);
        long bytes = 0;
        for (long rowId : rowIds) {
            select.setLong(1, rowId);
            try (ResultSet result = select.executeQuery()) {
                Row row = result.next() ? row(result, layout, includeVectors) : null;
                long weight = row == null ? 0 : row.weight();
                RequestMemory.takeOfCurrent(weight);
                rows.add(row);
                bytes += weight;
            }
            if (bytes >= MOST_BYTES) {
                break;
            }
        }
        return rows;
    }

    /** Rows by their scalar columns, as of one commit. */
    public QueryPage query(TableLayout layout, RowQuery query) {
        requireLimit(query.limit());
        if (query.offset() < 0) {
            throw new InvalidInputException(ErrorCode.OUT_OF_RANGE, "offset must be 0 or more", "offset");
        }
        return scanners.readAsOfOneCommit(reader -> query(reader, layout, query));
    }

    static QueryPage query(Statements reader, TableLayout layout, RowQuery query) throws SQLException {
        OrderSql order = new OrderSql(layout, query.order());
        TableSql sql = layout.sql();
        PreparedStatement rowById = reader.get(query.includeVectors() ? sql.rowByIdWithVectors : sql.rowById);
        List<Row> rows = new ArrayList<>();
        List<List<@Nullable Object>> computed = new ArrayList<>();
        long bytes = 0;
        RowComputer computer = new RowComputer(layout, query.computed());
        try (PreparedStatement select = reader.prepare(places(layout, query, order));
                ResultSet place = select.executeQuery()) {
            RowQuery.Place last = null;
            while (last == null && place.next()) {
                Row row = row(rowById, place.getLong(1), layout, query.includeVectors());
                rows.add(row);
                computed.add(computer.compute(row));
                long weight = row.weight() + weigh(computed.getLast());
                RequestMemory.takeOfCurrent(weight);
                bytes += weight;
                boolean full = rows.size() == query.limit() || bytes >= query.mostBytes();
                last = full ? order.place(place) : null;
            }
            return new QueryPage(rows, computed, last != null && place.next() ? last : null);
        }
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
    static Row row(PreparedStatement select, long id, TableLayout layout, boolean includeVectors) throws SQLException {
        select.setLong(1, id);
        try (ResultSet result = select.executeQuery()) {
            result.next();
            return row(result, layout, includeVectors);
        }
    }

    /** How many rows satisfy a condition. */
    public long count(TableLayout layout, Predicate where) {
        return scanners.read(reader -> {
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
    public List<GroupQuery.Group> groups(TableLayout layout, GroupQuery query) {
        requireLimit(query.limit());
        if (query.by().isEmpty()) {
            throw new InvalidInputException(ErrorCode.MISSING_FIELD, "Rows are grouped by at least one field", "by");
        }
        return scanners.read(reader -> {
            List<SqlField> fields = new ArrayList<>();
            for (FieldPath path : query.by()) {
                fields.add(OrderSql.field(layout, path, "by"));
            }
            List<GroupQuery.Group> groups = new ArrayList<>();
            long bytes = 0;
            try (PreparedStatement select = reader.prepare(groups(layout, query, fields));
                    ResultSet result = select.executeQuery()) {
                while (result.next()) {
                    List<@Nullable Object> values = new ArrayList<>();
                    for (int i = 0; i < fields.size(); i++) {
                        values.add(OrderSql.value(result, i + 2, fields.get(i)));
                    }
                    long weight = ROW_WEIGHT + weigh(values);
                    RequestMemory.takeOfCurrent(weight);
                    bytes += weight;
                    if (bytes > Heap.page() && !groups.isEmpty()) {
                        throw tooLarge();
                    }
                    groups.add(new GroupQuery.Group(values, result.getLong(1)));
                }
            }
            return groups;
        });
    }

    private static TooLargeException tooLarge() {
        return new TooLargeException(
                ErrorCode.PAYLOAD_TOO_LARGE,
                "The values are larger than " + (Heap.page() >> 20)
                        + " MB together; ask for fewer by limit or a condition",
                "limit");
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
    public List<String> explain(TableLayout layout, RowQuery query) {
        return scanners.read(reader -> {
            SqlText sql = new SqlText().add("EXPLAIN QUERY PLAN ");
            sql.add(places(layout, query, new OrderSql(layout, query.order())));
            try (PreparedStatement select = reader.prepare(sql);
                    ResultSet result = select.executeQuery()) {
                return plan(result, layout, table.indexes());
            }
        });
    }

    /** A piece of a plan of SQLite's with the names that users gave indexes and columns. */
    public String named(String piece, TableLayout layout) {
        return step(piece, layout, table.indexes());
    }

    /** What happened to the rows after a place, as of one commit. */
    public Changes changes(TableLayout layout, Changes.Place after, int limit, boolean includeVectors) {
        requireLimit(limit);
        return readers.readAsOfOneCommit(
                reader -> new ChangeReader(reader, layout, includeVectors).after(after, limit));
    }

    /** How many cells of a vector column are in which state. */
    public CellCounts countCells(TableLayout layout, String column) {
        return scanners.readAsOfOneCommit(
                reader -> countCells(reader, layout, layout.vectorPosition(column, "column")));
    }

    /** Cells that wait or failed, in the order of their row ids. */
    public List<Cell> cells(TableLayout layout, CellQuery query) {
        if (query.limit() < 1 || query.limit() > MOST_CELLS) {
            throw new InvalidInputException(ErrorCode.OUT_OF_RANGE, "limit must be from 1 to " + MOST_CELLS, "limit");
        }
        if (query.state() != CellState.PENDING && query.state() != CellState.FAILED) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT, "Only cells that wait or failed are listed", "state");
        }
        return readers.read(reader -> cells(reader, layout, query));
    }

    /** Rows by their words, best first. */
    public List<TextSearch.TextHit> searchText(TableLayout layout, TextSearch search) {
        return texts.search(layout, search);
    }

    private static CellCounts countCells(Statements reader, TableLayout layout, int position) throws SQLException {
        int number = layout.number(position);
        String cells = layout.names().cells(number);
        PreparedStatement select = reader.get("SELECT row_count, vector_counts,"
                + " (SELECT count(*) FROM " + cells + " WHERE state = " + CellSql.PENDING + "),"
                + " (SELECT count(*) FROM " + cells + " WHERE state = " + CellSql.FAILED + "),"
                + " (SELECT coalesce(sum(kept), 0) FROM " + cells + ") FROM akidb_tables WHERE number = ?");
        select.setLong(1, layout.names().number());
        try (ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                throw new NotFoundException("The table is gone");
            }
            long vectors = Catalog.vectorCounts(row.getString(2)).getOrDefault(number, 0L);
            long pending = row.getLong(3);
            long failed = row.getLong(4);
            long ready = vectors - row.getLong(5);
            return new CellCounts(ready, pending, failed, row.getLong(1) - ready - pending - failed);
        }
    }

    private static List<Cell> cells(Statements reader, TableLayout layout, CellQuery query) throws SQLException {
        int number = layout.number(layout.vectorPosition(query.column(), "column"));
        int source = layout.position(query.sourceColumn(), "source_column");
        ColumnType sourceType = layout.column(source).type();
        if (sourceType == ColumnType.VECTOR) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT, "'" + query.sourceColumn() + "' holds vectors", "source_column");
        }
        PreparedStatement select = reader.get("SELECT cell.row, r." + layout.sqlName(layout.keyPosition())
                + ", cell.stamp, cell.error, r." + layout.sqlName(source) + " FROM "
                + layout.names().cells(number) + " cell JOIN " + layout.names().rows()
                + " r ON r.id = cell.row WHERE cell.state = ? AND cell.row > ? ORDER BY cell.row LIMIT ?");
        select.setInt(1, query.state() == CellState.PENDING ? CellSql.PENDING : CellSql.FAILED);
        select.setLong(2, query.after());
        select.setInt(3, query.limit());
        List<Cell> cells = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                cells.add(new Cell(
                        row.getLong(1),
                        row.getString(2),
                        query.state(),
                        row.getLong(3),
                        ColumnValues.read(row, 5, sourceType),
                        row.getString(4)));
            }
        }
        return cells;
    }

    /** A row as {@link TableSql} selects it: id, version, time of change, then the columns in order. */
    private static Row row(ResultSet result, TableLayout layout, boolean includeVectors) throws SQLException {
        return new Row(
                result.getLong(1),
                result.getLong(2),
                ColumnValues.instant(result.getLong(3)),
                values(result, layout, includeVectors));
    }

    private static List<@Nullable Object> values(ResultSet result, TableLayout layout, boolean includeVectors)
            throws SQLException {
        @Nullable Object[] values = new Object[layout.numbers().size()];
        int index = FIRST_COLUMN;
        for (int position = 0; position < values.length; position++) {
            ColumnType type = layout.column(position).type();
            if (includeVectors || type != ColumnType.VECTOR) {
                values[position] = ColumnValues.read(result, index++, type);
            }
        }
        List<@Nullable Object> list = Arrays.<@Nullable Object>asList(values);
        return Collections.<@Nullable Object>unmodifiableList(list);
    }

    /** About the memory that values of a row hold, in bytes. */
    private static long weigh(List<? extends @Nullable Object> values) {
        long weight = 0;
        for (Object value : values) {
            weight += ValueCheck.weigh(value);
        }
        return weight;
    }

    /** SQLite's words for how it runs a query, with the names that users know. */
    private static List<String> plan(ResultSet plan, TableLayout layout, List<IndexRecord> indexes)
            throws SQLException {
        List<String> lines = new ArrayList<>();
        while (plan.next()) {
            lines.add(step(plan.getString(4), layout, indexes));
        }
        return lines;
    }

    private static String step(String detail, TableLayout layout, List<IndexRecord> indexes) {
        TableNames names = layout.names();
        String text = detail.replace(names.key(), "of the primary key");
        text = text.replaceAll("\\bunique_" + names.number() + "_(\\d+)\\b", "of unique c$1");
        for (IndexRecord index : indexes) {
            String tree = "\\b" + names.tree(index.number()) + "\\b";
            text = text.replaceAll(tree, Matcher.quoteReplacement("'" + index.name() + "'"));
        }
        text = text.replaceAll("\\b" + names.rows() + "\\b", "rows");
        return COLUMN.matcher(text).replaceAll(match -> Matcher.quoteReplacement(columnName(match.group(1), layout)));
    }

    private static String columnName(String number, TableLayout layout) {
        int position = layout.positionOf(Integer.parseInt(number));
        return position < 0 ? "c" + number : "'" + layout.column(position).name() + "'";
    }
}
