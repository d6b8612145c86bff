package com.akidb.engine.embedded.index.filter;

import com.akidb.query.FieldPath;
import org.jspecify.annotations.Nullable;

/**
 * A field that filters name, with its values by ordinal. It follows commits from its registration on; the values of
 * older ordinals are filled in from the store, after which it serves searches from a certain commit on.
 */
public final class FilterField {

    private final FieldPath path;
    private final FieldReader reader;
    private final ValueColumn column;
    private volatile long readyFrom = Long.MAX_VALUE;
    private volatile long lastUse;

    FilterField(FieldPath path, FieldReader reader, ValueColumn column) {
        this.path = path;
        this.reader = reader;
        this.column = column;
    }

    public FieldPath path() {
        return path;
    }

    /** The column's place in rows. */
    public int position() {
        return reader.position();
    }

    /** Sets the value of an ordinal from the value of its row in the column. */
    public void fill(int ordinal, @Nullable Object columnValue) {
        reader.store(columnValue, column, ordinal);
    }

    /** All values are there for searches that see this commit or a later one. */
    public void ready(long version) {
        readyFrom = version;
    }

    /** The first commit that it can serve; {@link Long#MAX_VALUE} while values are missing. */
    public long readyFrom() {
        return readyFrom;
    }

    ValueColumn column() {
        return column;
    }

    FieldReader reader() {
        return reader;
    }

    long lastUse() {
        return lastUse;
    }

    void used(long tick) {
        lastUse = tick;
    }
}
