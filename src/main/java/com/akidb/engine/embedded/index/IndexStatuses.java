package com.akidb.engine.embedded.index;

import com.akidb.engine.IndexStatus;
import com.akidb.engine.embedded.index.View.ColumnView;
import com.akidb.engine.embedded.index.View.IndexView;
import com.akidb.engine.embedded.index.flat.LevelCodes;
import com.akidb.engine.embedded.index.vectors.SearchStructure;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;

/** Tells the state of the indexes that a view has. */
final class IndexStatuses {

    private final View view;
    private final IndexBuilds builds;

    IndexStatuses(View view, IndexBuilds builds) {
        this.view = view;
        this.builds = builds;
    }

    /** First of what each column has by itself, then of the declared ones in the order of the layout. */
    List<IndexStatus> all() {
        List<IndexStatus> statuses = new ArrayList<>();
        for (int i = 0; i < view.columns().size(); i++) {
            statuses.add(status(i, view.columns().get(i).indexes().getFirst()));
        }
        view.generation().layout().indexes().forEach(definition -> {
            for (int i = 0; i < view.columns().size(); i++) {
                for (IndexView index : view.columns().get(i).indexes()) {
                    if (index.index().isDeclared() && index.index().name().equals(definition.name())) {
                        statuses.add(status(i, index));
                    }
                }
            }
        });
        return statuses;
    }

    /** What is known of the recall of the indexes, as a gauge has it; a column's own index is called after the column. */
    List<MultiGauge.Row<?>> recalls() {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        String table = view.generation().layout().definition().name();
        for (int i = 0; i < view.columns().size(); i++) {
            String column = view.generation().columns().get(i).column().name();
            for (IndexView index : view.columns().get(i).indexes()) {
                Double recall = index.index().recall().mean();
                if (recall != null) {
                    String name = index.index().isDeclared() ? index.index().name() : "automatic:" + column;
                    rows.add(MultiGauge.Row.of(Tags.of("table", table, "index", name), recall));
                }
            }
        }
        return rows;
    }

    private IndexStatus status(int at, IndexView view) {
        VectorColumn column = this.view.generation().columns().get(at);
        ColumnView columnView = this.view.columns().get(at);
        VectorIndex index = view.index();
        String state = state(columnView, view);
        return new IndexStatus(
                index.definition(),
                column.column().name(),
                state,
                state.equals("building") || state.equals("failed") ? index.percent() : 100,
                columnView.live().alive(),
                index.isDeclared() ? bytes(view) : bytes(view) + columnBytes(column, columnView),
                index.recall().mean(),
                index.error());
    }

    private String state(ColumnView column, IndexView view) {
        VectorIndex index = view.index();
        if (index.error() != null) {
            return "failed";
        }
        if (index.isRebuildWanted() || (view.structure() == null && builds.isWanted(index, column))) {
            return "building";
        }
        return view.structure() != null || index.isDeclared() ? "ready" : "exact";
    }

    private static long bytes(IndexView view) {
        SearchStructure structure = view.structure();
        return structure == null ? 0 : structure.bytes() + view.members().bytes();
    }

    private long columnBytes(VectorColumn column, ColumnView columnView) {
        LevelCodes codes = columnView.codes();
        return column.store().bytes()
                + columnView.live().bytes()
                + view.generation().rows().bytes()
                + view.generation().fields().bytes()
                + (codes == null ? 0 : codes.bytes());
    }
}
