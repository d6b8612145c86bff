package com.akidb.http.tables;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.engine.CellCounts;
import com.akidb.http.json.JsonWriter;
import com.akidb.table.ComputedColumnService.ComputedColumn;
import com.akidb.table.ComputedColumnService.ComputedColumn.Change;
import com.akidb.table.ComputedColumnService.ComputedColumn.Fill;
import com.akidb.table.ComputedColumnService.FailedCells;

/** Writes computed columns. */
final class ComputedWriter {

    private ComputedWriter() {}

    /** The object without its end. */
    static void write(JsonWriter json, ComputedColumn column) {
        json.put(piece("{\"column_name\":")).value(column.name());
        json.put(piece(",\"type\":\"embedding\",\"dimensions\":")).value(column.dimensions());
        json.put(piece(",\"metric\":")).value(column.metric().wireName());
        json.put(piece(",\"model\":")).value(column.model());
        json.put(piece(",\"source\":")).value(column.source());
        json.put(piece(",\"auto_update\":")).value(column.autoUpdate());
        json.put(piece(",\"cache\":")).value(column.cache());
        write(json, column.fill());
        Change change = column.change();
        json.put(piece(",\"change\":"));
        if (change == null) {
            json.json(null);
        } else {
            json.put(piece("{\"model\":")).value(change.model());
            json.put(piece(",\"dimensions\":")).value(change.dimensions());
            write(json, change.fill());
            json.put('}');
        }
    }

    private static void write(JsonWriter json, Fill fill) {
        CellCounts cells = fill.cells();
        json.put(piece(",\"status\":")).value(fill.status().wireName());
        json.put(piece(",\"cells\":{\"ready\":")).value(cells.ready());
        json.put(piece(",\"pending\":")).value(cells.pending());
        json.put(piece(",\"failed\":")).value(cells.failed());
        json.put(piece(",\"empty\":")).value(cells.empty());
        json.put(piece("},\"error\":")).value(fill.error());
    }

    /** Further members of an object. */
    static void write(JsonWriter json, FailedCells failures) {
        json.put(piece(",\"failed_cells\":")).array(failures.cells(), (to, cell) -> {
            to.put(piece("{\"key\":")).value(cell.key());
            to.put(piece(",\"error\":")).value(cell.error()).put('}');
        });
        json.put(piece(",\"next_failed\":"));
        if (failures.next() == null) {
            json.json(null);
        } else {
            json.value(failures.next().longValue());
        }
    }
}
