package com.akidb.table;

import com.akidb.engine.QueryPage;
import com.akidb.engine.RowQuery;
import com.akidb.engine.TableEngine;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.table.Projection.Selected;
import com.akidb.table.Projection.TableRow;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads rows by condition, page by page. */
final class RowReads {

    /** A page ends early rather than hold more than this, and tells where it goes on. */
    static final long PAGE_BYTES = 16L << 20;

    private final TableEngine engine;
    private final TableDirectory directory;

    RowReads(TableEngine engine, TableDirectory directory) {
        this.engine = engine;
        this.directory = directory;
    }

    TableRow get(TableSchema given, String key, List<Selected> select) {
        return directory.pinnedHere(pin -> {
            TableSchema schema = pin.table(given);
            Projection projection = new Projection(schema, select);
            return engine.get(schema.id(), key, projection.needsVectors())
                    .map(row -> projection.of(row, null))
                    .orElseThrow(() -> RowWrites.noRow(key));
        });
    }

    TablePage query(TableQuery query) {
        require(query);
        RowQuery.Place place = query.cursor() == null ? null : Cursors.decode(query, query.cursor());
        return directory.pinnedHere(pin -> page(query, place, pin.table(query.schema())));
    }

    private TablePage page(TableQuery query, RowQuery.@Nullable Place place, TableSchema schema) {
        Projection projection = new Projection(schema, query.select());
        QueryPage page = engine.query(schema.id(), rows(query, place, projection));
        RowQuery.Place next = page.next();
        List<TableRow> found = new ArrayList<>(page.rows().size());
        for (int i = 0; i < page.rows().size(); i++) {
            found.add(projection.of(page.rows().get(i), page.computed().get(i), null));
        }
        return new TablePage(found, next == null ? null : Cursors.encode(query, next));
    }

    private static RowQuery rows(TableQuery query, RowQuery.@Nullable Place place, Projection projection) {
        return new RowQuery(
                query.where(),
                query.order(),
                place,
                query.offset(),
                query.limit(),
                PAGE_BYTES,
                projection.needsVectors(),
                projection.expressions());
    }

    List<String> explain(TableQuery query) {
        require(query);
        RowQuery.@Nullable Place place = query.cursor() == null ? null : Cursors.decode(query, query.cursor());
        RowQuery plan = rows(query, place, new Projection(query.schema(), query.select()));
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
