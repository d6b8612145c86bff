package com.akidb.table;

import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.query.FieldPath;
import com.akidb.table.Projection.Selected;
import com.akidb.table.Projection.TableRow;
import com.akidb.table.RowService.TableQuery;
import com.akidb.vector.PrincipalComponents;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Maps of a table's vectors: a sample of its rows in the plane in which they differ most. A map is kept until the table
 * changes; one is made at a time. Reads from disk, so that it does not belong on an event loop.
 */
public final class VectorMaps {

    /** A map has at most so many points. */
    public static final int MOST_POINTS = 10_000;

    /** Numbers of all vectors of a sample: 16 MB of them. Of long vectors fewer are taken. */
    private static final int MOST_NUMBERS = 4_000_000;

    /** A sample comes from so many places of the table, evenly apart. */
    private static final int PLACES = 16;

    private static final int KEPT = 8;

    private final RowService rows;
    private final ReentrantLock making = new ReentrantLock();
    private final Map<Wanted, VectorMap> kept = new LinkedHashMap<>(KEPT, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Wanted, VectorMap> eldest) {
            return size() > KEPT;
        }
    };

    private record Wanted(
            UUID table,
            long version,
            String column,
            @Nullable String by,
            int limit) {}

    /**
     * A row in the plane.
     *
     * @param key of the row, a string or a {@link Long}
     * @param by value of the column that was asked for beside it; null without one
     */
    public record Point(
            Object key, float x, float y, @Nullable Object by) {}

    /**
     * Points in the plane in which they differ most.
     *
     * @param version of the table; the map is the same as long as that is
     * @param rows of the table, of which the points are a sample
     * @param plane null if there is no vector
     */
    public record VectorMap(
            String column,
            long version,
            long rows,
            @Nullable PrincipalComponents plane,
            List<Point> points) {}

    public VectorMaps(RowService rows) {
        this.rows = rows;
    }

    /**
     * Makes a map, or gives the one that is kept.
     *
     * @param column of vectors; the first one if null
     * @param by a column of single values that points show; null for none
     * @param limit points, 1 to {@value #MOST_POINTS}; fewer if vectors are long
     * @throws InvalidInputException if there is no such column
     */
    public VectorMap map(TableSchema schema, @Nullable String column, @Nullable String by, int limit) {
        Column vectors = vectors(schema, column);
        Selected.Field shown = by == null ? null : schema.select(by, "by");
        if (shown != null && (shown.type() == ColumnType.VECTOR || shown.type() == ColumnType.JSON)) {
            throw InvalidInputException.of(ErrorCode.INVALID_ARGUMENT, "by", "must be a column of single values");
        }
        int most = Math.min(limit, Math.max(1, MOST_NUMBERS / vectors.dimension()));
        Wanted wanted = new Wanted(schema.id(), schema.table().version(), vectors.name(), by, most);
        making.lock();
        try {
            VectorMap known = kept.get(wanted);
            if (known == null) {
                known = make(schema, vectors, shown, most);
                kept.put(wanted, known);
            }
            return known;
        } finally {
            making.unlock();
        }
    }

    private static Column vectors(TableSchema schema, @Nullable String name) {
        for (Column column : schema.columns()) {
            if (column.type() == ColumnType.VECTOR
                    && (name == null || column.name().equals(name))) {
                return column;
            }
        }
        if (name == null) {
            throw InvalidInputException.of(
                    ErrorCode.INVALID_ARGUMENT, "column", "is missing: the table has no vectors");
        }
        schema.column(name, "column");
        throw InvalidInputException.of(ErrorCode.INVALID_ARGUMENT, "column", "must be an embedding column");
    }

    private VectorMap make(TableSchema schema, Column vectors, Selected.@Nullable Field by, int most) {
        List<Selected> select = new ArrayList<>();
        select.add(schema.select(schema.definition().primaryKey(), "column"));
        select.add(new Selected.Field(vectors.name(), FieldPath.column(vectors.name()), ColumnType.VECTOR));
        if (by != null) {
            select.add(by);
        }
        List<TableRow> sample = sample(schema, select, most);
        List<float[]> all = sample.stream()
                .map(row -> (float[]) Objects.requireNonNull(row.values().get(1)))
                .toList();
        PrincipalComponents plane = all.isEmpty() ? null : PrincipalComponents.of(all);
        List<Point> points = new ArrayList<>(sample.size());
        for (int i = 0; i < sample.size() && plane != null; i++) {
            List<@Nullable Object> values = sample.get(i).values();
            points.add(new Point(
                    Objects.requireNonNull(values.getFirst()),
                    plane.x(all.get(i)),
                    plane.y(all.get(i)),
                    by == null ? null : values.get(2)));
        }
        return new VectorMap(
                vectors.name(), schema.table().version(), schema.table().rowCount(), plane, List.copyOf(points));
    }

    /** Rows with a vector: all of them if they are few, else some from each of several places of the table. */
    private List<TableRow> sample(TableSchema schema, List<Selected> select, int most) {
        long count = schema.table().rowCount();
        int places = count <= most ? 1 : Math.min(PLACES, most);
        int each = places == 1 ? most : most / places;
        List<TableRow> found = new ArrayList<>();
        for (int place = 0; place < places; place++) {
            String cursor = null;
            int left = each;
            long offset = place * (count / places);
            do {
                var page = rows.query(
                        new TableQuery(schema, select, null, List.of(), left, cursor == null ? offset : 0, cursor));
                page.rows().stream().filter(row -> row.values().get(1) != null).forEach(found::add);
                left -= page.rows().size();
                cursor = page.nextCursor();
            } while (cursor != null && left > 0);
        }
        return found;
    }
}
