package com.akidb.table.computed;

import com.akidb.engine.CellCounts;
import com.akidb.engine.Column;
import com.akidb.engine.TableEngine;
import com.akidb.table.ColumnFacts;
import com.akidb.table.ColumnFacts.Computed;
import com.akidb.table.ComputedColumnService.ComputedColumn;
import com.akidb.table.ComputedColumnService.ComputedColumn.Change;
import com.akidb.table.ComputedColumnService.ComputedColumn.Fill;
import com.akidb.table.ComputedColumnService.ComputedColumn.Status;
import com.akidb.table.TableDirectory;
import com.akidb.table.TableSchema;
import java.util.Objects;

/** Tells how computed columns are. */
final class Descriptions {

    private final TableEngine engine;
    private final ColumnFills fills;

    Descriptions(TableEngine engine, ColumnFills fills) {
        this.engine = engine;
        this.fills = fills;
    }

    ComputedColumn of(TableSchema schema, Column column) {
        Computed computed = Objects.requireNonNull(ColumnFacts.computed(column));
        Column successor = ColumnFacts.successor(schema.definition(), column.name());
        return new ComputedColumn(
                column.name(),
                column.dimension(),
                Objects.requireNonNull(column.metric()),
                computed.source(),
                model(column),
                computed.autoUpdate(),
                computed.cache(),
                fill(schema, column, false),
                successor == null
                        ? null
                        : new Change(model(successor), successor.dimension(), fill(schema, successor, true)));
    }

    private static String model(Column column) {
        return Objects.requireNonNull(column.properties()
                .getOrDefault(ColumnFacts.MODEL_NAME, column.properties().get(ColumnFacts.MODEL)));
    }

    private Fill fill(TableSchema schema, Column column, boolean successor) {
        CellCounts cells = TableDirectory.reading(schema, () -> engine.countCells(schema.id(), column.name()));
        String outage = fills.outage(schema.id(), column.name());
        if (cells.pending() == 0) {
            return new Fill(successor && cells.failed() > 0 ? Status.BLOCKED : Status.READY, cells, null);
        }
        if (ColumnFill.isPaused(column)) {
            return new Fill(Status.PAUSED, cells, null);
        }
        return new Fill(outage == null ? Status.FILLING : Status.WAITING, cells, outage);
    }
}
