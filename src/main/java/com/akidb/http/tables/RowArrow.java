package com.akidb.http.tables;

import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.http.arrow.ArrowColumn;
import com.akidb.http.arrow.ArrowStream;
import com.akidb.http.json.JsonReader;
import com.akidb.query.Timestamps;
import com.akidb.table.RowService.RowInsert;
import com.akidb.table.TableSchema;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the rows of a table from a stream of Arrow, whose columns are the table's by name. */
public final class RowArrow {

    private final ArrowStream arrow;
    private final int width;
    private final int[] positions;
    private final ColumnType[] types;

    /** @throws RuntimeException as {@link TableSchema#column} does, if the table has no column of a name */
    RowArrow(ArrowStream arrow, TableSchema schema) {
        this.arrow = arrow;
        this.width = schema.definition().columns().size();
        List<ArrowColumn> columns = arrow.columns();
        this.positions = new int[columns.size()];
        this.types = new ColumnType[columns.size()];
        for (int i = 0; i < positions.length; i++) {
            Column column = schema.column(columns.get(i).name(), columns.get(i).name());
            positions[i] = schema.position(column.name());
            types[i] = column.type();
        }
    }

    /** The row at a place in its batch: values in the order of the table's columns, {@link RowInsert#ABSENT} where none is given. */
    @Nullable
    Object[] row(int inBatch, int index) {
        @Nullable Object[] row = new Object[width];
        Arrays.fill(row, RowInsert.ABSENT);
        for (int i = 0; i < positions.length; i++) {
            ArrowColumn column = arrow.columns().get(i);
            row[positions[i]] =
                    column.isNull(inBatch) ? null : cell(column, inBatch, types[i], arrow.at(index, column));
        }
        return row;
    }

    private static @Nullable Object cell(ArrowColumn column, int row, ColumnType type, String field) {
        return switch (type) {
            case STRING -> column.text(row, field);
            case INT -> column.integer(row, field);
            case FLOAT -> column.number(row, field);
            case BOOL -> column.bool(row, field);
            case TIMESTAMP ->
                column.isText() ? Timestamps.parse(column.text(row, field), field) : column.time(row, field);
            case JSON -> json(column.text(row, field), field);
            case VECTOR -> column.vector(row, field);
        };
    }

    /** A value of JSON without white space, from its text; null for that of JSON. */
    public static @Nullable String json(String text, String field) {
        JsonReader reader = JsonReader.of(text, field);
        String value = reader.nothing() ? null : reader.raw();
        reader.end();
        return value;
    }
}
