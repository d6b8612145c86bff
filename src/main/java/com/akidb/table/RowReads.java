package com.akidb.table;

import com.akidb.engine.QueryPage;
import com.akidb.engine.Row;
import com.akidb.engine.RowQuery;
import com.akidb.engine.TableEngine;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads rows by condition, page by page. */
final class RowReads {

    /** A page ends early rather than hold more than this, and tells where it goes on. */
    static final long PAGE_BYTES = 16L << 20;

    private static final int FIRST_ROWS = 250;
    private static final int MOST_ROWS = 2_000;
    private static final int ROW_BYTES = 64;

    private final TableEngine engine;

    RowReads(TableEngine engine) {
        this.engine = engine;
    }

    TableRow get(TableSchema schema, String key, List<Selected> select) {
        Projection projection = new Projection(schema, select);
        return TableDirectory.reading(schema, () -> engine.get(schema.id(), key, projection.needsVectors()))
                .map(row -> projection.of(row, null))
                .orElseThrow(() -> RowWrites.noRow(key));
    }

    TablePage query(TableQuery query) {
        require(query);
        Projection projection = new Projection(query.schema(), query.select());
        RowQuery.Place place = query.cursor() == null ? null : Cursors.decode(query, query.cursor());
        List<TableRow> rows = new ArrayList<>(Math.min(query.limit(), MOST_ROWS));
        long offset = query.offset();
        long bytes = 0;
        int next = FIRST_ROWS;
        do {
            int limit = Math.min(query.limit() - rows.size(), next);
            RowQuery part = new RowQuery(query.where(), query.order(), place, offset, limit, projection.needsVectors());
            QueryPage page = TableDirectory.reading(
                    query.schema(), () -> engine.query(query.schema().id(), part));
            for (Row row : page.rows()) {
                bytes += weigh(row);
                rows.add(projection.of(row, null));
            }
            place = page.next();
            offset = 0;
            next = fitting(bytes, rows.size());
        } while (place != null && rows.size() < query.limit() && next > 0);
        return new TablePage(rows, place == null ? null : Cursors.encode(query, place), null);
    }

    /** How many rows more a page has room for, if they are like those that it has. */
    private static int fitting(long bytes, int rows) {
        long each = Math.max(1, bytes / Math.max(1, rows));
        return (int) Math.min(MOST_ROWS, (PAGE_BYTES - bytes) / each);
    }

    private static long weigh(Row row) {
        long bytes = ROW_BYTES;
        for (Object value : row.values()) {
            bytes += switch (value) {
                case String text -> 2L * text.length();
                case float[] vector -> (long) Float.BYTES * vector.length;
                case null, default -> Long.BYTES;
            };
        }
        return bytes;
    }

    List<String> explain(TableQuery query) {
        require(query);
        RowQuery.@Nullable Place place = query.cursor() == null ? null : Cursors.decode(query, query.cursor());
        RowQuery plan = new RowQuery(query.where(), query.order(), place, query.offset(), query.limit(), false);
        return TableDirectory.reading(
                query.schema(), () -> engine.explain(query.schema().id(), plan));
    }

    static void require(TableQuery query) {
        if (query.limit() < 1 || query.limit() > TableQuery.MAX_LIMIT) {
            throw invalid(
                    ErrorCode.OUT_OF_RANGE, "limit", "must be 1 to " + TableQuery.MAX_LIMIT + ", got " + query.limit());
        }
        if (query.offset() < 0) {
            throw invalid(ErrorCode.OUT_OF_RANGE, "offset", "must be 0 or more, got " + query.offset());
        }
        if (query.cursor() != null && query.offset() > 0) {
            throw invalid(
                    ErrorCode.INVALID_ARGUMENT, "offset", "cannot stand beside a cursor, which is a place already");
        }
    }

    private static InvalidInputException invalid(ErrorCode code, String field, String what) {
        return new InvalidInputException(code, field + " " + what, field);
    }
}
