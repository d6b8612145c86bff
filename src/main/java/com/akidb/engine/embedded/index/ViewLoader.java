package com.akidb.engine.embedded.index;

import com.akidb.engine.embedded.index.Generation.VectorColumn;
import com.akidb.engine.embedded.index.View.ColumnView;
import com.akidb.engine.embedded.index.rows.LiveBits;
import java.util.ArrayList;
import java.util.List;

/** Fills an empty generation with the vectors that the store has. */
final class ViewLoader {

    private ViewLoader() {}

    static View load(Generation generation, RowSource source) {
        long version = source.version();
        List<LiveBits.Editor> editors = new ArrayList<>();
        for (VectorColumn column : generation.columns()) {
            LiveBits.Editor bits = new LiveBits.Editor(LiveBits.EMPTY);
            source.forEachVector(column.position(), (rowId, vector) -> {
                int known = generation.rows().ordinal(rowId);
                int ordinal = known >= 0 ? known : generation.rows().add(rowId);
                column.store().put(ordinal, vector);
                bits.growTo(ordinal + 1);
                bits.revive(ordinal);
            });
            editors.add(bits);
        }
        List<ColumnView> columns = new ArrayList<>();
        for (LiveBits.Editor bits : editors) {
            bits.growTo(generation.rows().size());
            columns.add(new ColumnView(bits.finish(), null, null, 0));
        }
        return new View(generation, version, List.copyOf(columns));
    }
}
