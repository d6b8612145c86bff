package com.akidb.table.sql;

import com.akidb.engine.SelectStatement.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A select in the making. What it holds of users is bound values and nothing else. */
final class Pieces {

    private final List<Supplier<Part>> parts = new ArrayList<>();

    /** Appends SQL of our own. */
    Pieces sql(String text) {
        Part part = new Part.Sql(text);
        parts.add(() -> part);
        return this;
    }

    Pieces value(@Nullable Object value) {
        Part part = new Part.Value(value);
        parts.add(() -> part);
        return this;
    }

    /** Appends what is known only when the whole select has been read, or its texts have been embedded. */
    Pieces later(Supplier<Part> part) {
        parts.add(part);
        return this;
    }

    Pieces add(Pieces other) {
        parts.addAll(other.parts);
        return this;
    }

    List<Part> parts() {
        return parts.stream().map(Supplier::get).toList();
    }
}
