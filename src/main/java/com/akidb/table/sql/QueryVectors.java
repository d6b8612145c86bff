package com.akidb.table.sql;

import com.akidb.engine.Column;
import com.akidb.engine.SelectStatement.Part;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.table.ColumnModel;
import com.akidb.table.TableSchema;
import com.akidb.vector.VectorCodec;
import com.akidb.vector.Vectors;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What vectors are compared with: vectors, and texts that have to be embedded first. */
final class QueryVectors {

    private final Map<Text, float[]> embedded = new HashMap<>();

    /** A text, and what makes the vectors of the column that it is compared with. */
    record Text(String text, ColumnModel column) {}

    /** Texts that have no vector yet. */
    List<Text> missing() {
        return embedded.entrySet().stream()
                .filter(entry -> entry.getValue().length == 0)
                .map(Map.Entry::getKey)
                .toList();
    }

    void put(Text text, float[] vector) {
        embedded.put(text, vector);
    }

    /** The vector, known when the texts have been embedded. */
    Supplier<float[]> of(@Nullable Object query, Column column, TableSchema schema, String field) {
        return switch (query) {
            case float[] vector -> {
                Vectors.requireDimension(vector.length, column.dimension(), field);
                yield () -> vector;
            }
            case String text -> {
                Text wanted = new Text(text, model(column, schema, field));
                embedded.putIfAbsent(wanted, new float[0]);
                yield () -> Objects.requireNonNull(embedded.get(wanted));
            }
            case null, default ->
                throw new InvalidInputException(
                        ErrorCode.WRONG_TYPE, field + " must be a text or a vector to compare with", field);
        };
    }

    static Supplier<Part> part(Supplier<float[]> vector) {
        return () -> new Part.Value(VectorCodec.encode(vector.get()));
    }

    private static ColumnModel model(Column column, TableSchema schema, String field) {
        ColumnModel model = ColumnModel.of(schema, column);
        if (model == null) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT,
                    field + " must be a vector, since column '" + column.name()
                            + "' has no model that would embed a text",
                    field);
        }
        return model;
    }
}
