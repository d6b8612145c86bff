package com.akidb.table.computed;

import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.error.ConflictException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.model.ModelSpec;
import com.akidb.table.ColumnFacts;
import com.akidb.table.TableSchema;
import com.akidb.text.Names;
import com.akidb.text.Words;

/** What a computed column may be called, made from, and made of. */
final class ComputedRules {

    private ComputedRules() {}

    /** The column that vectors are to be made from. */
    static Column source(TableSchema schema, String name) {
        Column source = schema.column(name, "source_column");
        if (source.type() != ColumnType.STRING) {
            throw new InvalidInputException(
                    ErrorCode.WRONG_TYPE,
                    "source_column must name a column of type string; '" + source.name() + "' is another",
                    "source_column");
        }
        return source;
    }

    /** Refuses a name that a new column cannot have. */
    static void requireNew(TableSchema schema, String name) {
        Names.requireColumn(name, "name");
        for (Column other : schema.definition().columns()) {
            if (other.name().equalsIgnoreCase(name)) {
                throw new ConflictException(
                        ErrorCode.ALREADY_EXISTS,
                        "The table has a column '" + Words.shown(other.name()) + "' already",
                        "name");
            }
        }
    }

    /** Refuses to adopt a column that the model cannot have made. */
    static void requireFit(Column column, ModelSpec model) {
        if (column.type() != ColumnType.VECTOR || ColumnFacts.computed(column) != null) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT,
                    "name must name an embedding column that is not computed yet; '" + column.name() + "' is none",
                    "name");
        }
        if (column.dimension() != model.dimension()) {
            throw new InvalidInputException(
                    ErrorCode.DIMENSION_MISMATCH,
                    "Vector dimension mismatch: column '" + column.name() + "' has " + column.dimension()
                            + " dimensions, model '" + model.id() + "' makes " + model.dimension(),
                    "model");
        }
    }
}
