package com.akidb.engine.embedded.index;

import com.akidb.engine.IndexDefinition;
import com.akidb.engine.embedded.index.View.IndexView;
import java.util.ArrayList;
import java.util.List;

/** Which indexes a column has under a layout. */
final class Indexes {

    private Indexes() {}

    /**
     * The indexes of a column: the one that it has by itself, then the declared ones. Those of the same name, method,
     * metric and parameters go on as they are.
     */
    static List<IndexView> under(IndexLayout layout, VectorColumn column, List<IndexView> before) {
        List<IndexView> indexes = new ArrayList<>();
        indexes.add(before.isEmpty() ? IndexView.empty(VectorIndex.automatic(column.metric())) : before.getFirst());
        for (IndexDefinition definition : layout.indexes()) {
            if (definition.columns().equals(List.of(column.column().name()))) {
                VectorIndex declared = VectorIndex.declared(definition, column.metric());
                indexes.add(before.stream()
                        .filter(known -> known.index().isBuiltLike(declared))
                        .findFirst()
                        .map(known -> redefined(known, definition))
                        .orElseGet(() -> IndexView.empty(declared)));
            }
        }
        return List.copyOf(indexes);
    }

    private static IndexView redefined(IndexView known, IndexDefinition definition) {
        known.index().redefine(definition);
        return known;
    }

    /** Tells those who build indexes that are no longer there. */
    static void dropMissing(View before, View now) {
        for (VectorIndex index : all(before)) {
            if (all(now).stream().noneMatch(kept -> kept == index)) {
                index.drop();
            }
        }
    }

    /** The indexes of all columns of a view. */
    static List<VectorIndex> all(View view) {
        return view.columns().stream()
                .flatMap(column -> column.indexes().stream())
                .map(IndexView::index)
                .toList();
    }
}
