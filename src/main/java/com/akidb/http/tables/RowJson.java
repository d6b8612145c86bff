package com.akidb.http.tables;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.http.json.JsonWriter;
import com.akidb.table.Projection.Selected;
import com.akidb.table.Projection.TableRow;
import com.akidb.table.RowService;
import java.util.Arrays;
import java.util.List;

/** Writes rows of answers, objects with values by column name. */
public final class RowJson {

    private static final byte[] VERSION = piece("\"version\":");
    private static final byte[] CHANGED = piece(",\"changed_at\":");
    private static final byte[] SCORE = piece("\"" + RowService.SCORE + "\":");

    private final List<? extends Selected> select;
    private final byte[][] names;
    private final boolean meta;

    /** @param meta whether rows show their version and the time of their last change */
    public RowJson(List<? extends Selected> select, boolean meta) {
        this.select = select;
        this.meta = meta;
        this.names = select.stream()
                .map(each -> {
                    JsonWriter name = new JsonWriter(32).value(each.name()).put(':');
                    return Arrays.copyOf(name.array(), name.size());
                })
                .toArray(byte[][]::new);
    }

    void write(JsonWriter json, TableRow row) {
        json.put('{');
        for (int i = 0; i < names.length; i++) {
            if (i > 0) {
                json.put(',');
            }
            json.put(names[i]);
            Object value = row.values().get(i);
            switch (select.get(i)) {
                case Selected.Field field -> Cells.write(json, field.type(), value);
                case Selected.Expression _ -> Cells.write(json, value);
            }
        }
        boolean any = names.length > 0;
        if (row.score() != null) {
            (any ? json.put(',') : json).put(SCORE).value(row.score().floatValue());
            any = true;
        }
        if (meta) {
            (any ? json.put(',') : json).put(VERSION).value(row.version());
            json.put(CHANGED).value(row.changedAt().toString());
        }
        json.put('}');
    }
}
