package com.akidb.http.tables;

import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.http.json.Fields;
import com.akidb.http.json.JsonReader;
import com.akidb.table.RowService.RowInsert;
import com.akidb.table.TableSchema;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads rows of a table, objects with values by column name. */
final class RowParser {

    private final TableSchema schema;
    private final Fields names;
    private final int[] positions;
    private final ColumnType[] types;

    RowParser(TableSchema schema) {
        this.schema = schema;
        List<Column> columns = schema.columns();
        this.names = Fields.of(columns.stream().map(Column::name).toList());
        this.positions = columns.stream()
                .mapToInt(column -> schema.position(column.name()))
                .toArray();
        this.types = columns.stream().map(Column::type).toArray(ColumnType[]::new);
    }

    /** Reads a row: values by the columns of the table's definition, absent where nothing is given. */
    @Nullable
    Object[] row(JsonReader json) {
        @Nullable Object[] row = new Object[schema.definition().columns().size()];
        Arrays.fill(row, RowInsert.ABSENT);
        json.object(names, (value, index) -> row[positions[index]] = Cells.read(value, types[index]), this::unknown);
        return row;
    }

    /** Reads values by column name. */
    Map<String, @Nullable Object> values(JsonReader json) {
        @Nullable Object[] row = row(json);
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (Column column : schema.columns()) {
            Object value = row[schema.position(column.name())];
            if (value != RowInsert.ABSENT) {
                values.put(column.name(), value);
            }
        }
        return values;
    }

    private RuntimeException unknown(String name, String path) {
        schema.column(name, path);
        throw new IllegalStateException(name);
    }
}
