package com.akidb.engine.embedded.index.filter;

import com.akidb.engine.ColumnType;
import com.akidb.engine.embedded.index.filter.ValueColumn.ValueKind;
import com.akidb.query.FieldPath;
import com.akidb.query.Json;
import com.akidb.query.JsonScalars;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A field that filters name, with its values by ordinal. It follows commits from its registration on; the values of
 * older ordinals are filled in from the store, after which it serves searches from a certain commit on.
 */
public final class FilterField {

    /** In the place of a column's number: the sequence numbers of the commits that wrote the rows last. */
    public static final long VERSION = -1;

    /** In the place of a column's number: the times of those commits. */
    public static final long CHANGED_AT = -2;

    private final FieldPath path;
    private final long columnId;
    private final Reader reader;
    private final ValueColumn column;
    private final List<int[]> repeats = new ArrayList<>();
    private volatile long readyFrom = Long.MAX_VALUE;
    private volatile long lastUse;

    FilterField(FieldPath path, long columnId, Reader reader, ValueColumn column) {
        this.path = path;
        this.columnId = columnId;
        this.reader = reader;
        this.column = column;
    }

    public FieldPath path() {
        return path;
    }

    /** The column's number for life, or what stands in its place. */
    public long columnId() {
        return columnId;
    }

    /** Whether it is of the commits that wrote the rows, and of no column. */
    boolean isOfCommits() {
        return columnId < 0;
    }

    /** The column's place in rows. */
    public int position() {
        return reader.position();
    }

    /** Sets the value of an ordinal from the value of its row in the column. */
    public void fill(int ordinal, @Nullable Object columnValue) {
        reader.store(columnValue, column, ordinal);
    }

    /** Gives an ordinal the value of another one, later if that is not filled in yet. With the table's writing lock. */
    void repeat(int ordinal, int of) {
        if (readyFrom == Long.MAX_VALUE) {
            repeats.add(new int[] {ordinal, of});
        } else {
            column.copy(ordinal, column, of);
        }
    }

    /** All values are there for searches that see this commit or a later one. With the table's writing lock. */
    public void ready(long version) {
        repeats.forEach(pair -> column.copy(pair[0], column, pair[1]));
        repeats.clear();
        readyFrom = version;
    }

    /** The first commit that it can serve; {@link Long#MAX_VALUE} while values are missing. */
    public long readyFrom() {
        return readyFrom;
    }

    ValueColumn column() {
        return column;
    }

    Reader reader() {
        return reader;
    }

    long lastUse() {
        return lastUse;
    }

    void used(long tick) {
        lastUse = tick;
    }

    static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    /**
     * Reads a field's value out of the value that a row has in a column.
     *
     * @param position the column's place in rows
     * @param path into the column's JSON; empty for the value itself
     */
    record Reader(int position, ColumnType type, List<String> path, JsonScalars json) {

        /** The same for a column that stands elsewhere. */
        Reader at(int newPosition) {
            return new Reader(newPosition, type, path, json);
        }

        /** Puts the field's value into a column of values. */
        void store(@Nullable Object columnValue, ValueColumn into, int ordinal) {
            Object value = columnValue;
            if (type == ColumnType.JSON && value instanceof String text) {
                value = json.findShown(text, path);
            }
            switch (value) {
                case String string ->
                    into.set(ordinal, ValueKind.STRING, into.dictionary().intern(string));
                case Long number -> into.set(ordinal, ValueKind.INT, number);
                case Double number -> into.set(ordinal, ValueKind.FLOAT, Double.doubleToRawLongBits(number));
                case Boolean flag -> into.set(ordinal, ValueKind.BOOL, flag ? 1 : 0);
                case Instant instant -> into.set(ordinal, ValueKind.TIMESTAMP, micros(instant));
                case null -> into.set(ordinal, ValueKind.ABSENT, 0);
                case Json(String composite)
                when composite.startsWith("[") ->
                    into.set(ordinal, ValueKind.ARRAY, into.dictionary().intern(composite));
                case Json _ -> into.set(ordinal, ValueKind.COMPOSITE, 0);
                case Object nothing -> into.set(ordinal, ValueKind.ABSENT, 0);
            }
        }
    }
}
