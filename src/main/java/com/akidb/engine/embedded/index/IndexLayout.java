package com.akidb.engine.embedded.index;

import com.akidb.engine.IndexDefinition;
import com.akidb.engine.TableDefinition;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What a table's index follows: the table's columns and the indexes that were asked for.
 *
 * @param columnIds by the definition's columns: numbers that columns keep for life, whatever they are called and
 *     wherever they stand; within a table never given again
 * @param indexes that were declared; those that are not over a VECTOR column are passed over
 */
public record IndexLayout(TableDefinition definition, List<Long> columnIds, List<IndexDefinition> indexes) {

    public IndexLayout {
        columnIds = List.copyOf(columnIds);
        indexes = indexes.stream().filter(index -> index.method().isVector()).toList();
        if (columnIds.size() != definition.columns().size()) {
            throw new IllegalArgumentException("each column has one id");
        }
    }

    /** The id of a column; null if there is none of that name. */
    public @Nullable Long columnId(String name) {
        for (int i = 0; i < columnIds.size(); i++) {
            if (definition.columns().get(i).name().equals(name)) {
                return columnIds.get(i);
            }
        }
        return null;
    }

    /** The layout of a table whose columns have not changed since it was created: ids are positions. */
    public static IndexLayout of(TableDefinition definition) {
        List<Long> ids =
                LongStream.range(0, definition.columns().size()).boxed().toList();
        return new IndexLayout(definition, ids, List.of());
    }
}
