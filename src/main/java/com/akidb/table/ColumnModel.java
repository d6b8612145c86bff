package com.akidb.table;

import com.akidb.engine.Column;
import org.jspecify.annotations.Nullable;

/**
 * What makes the vectors of a column from texts.
 *
 * @param model registry id
 * @param dimension of the column; the model's own, or less if its vectors can be cut
 */
public record ColumnModel(String model, int dimension) {

    /** What makes a column's vectors; null if users write them, so that no model is known for them. */
    public static @Nullable ColumnModel of(TableSchema schema, Column column) {
        ColumnFacts.Computed computed = ColumnFacts.computed(column);
        String model = computed != null
                ? computed.model()
                : schema.isCollection() ? schema.definition().properties().get(ColumnFacts.COLLECTION_MODEL) : null;
        return model == null ? null : new ColumnModel(model, column.dimension());
    }
}
