package com.akidb.http.tables;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.http.json.Fields;
import com.akidb.http.json.JsonReader;
import com.akidb.http.json.JsonWriter;
import com.akidb.http.json.VectorFormat;
import com.akidb.query.Json;
import com.akidb.query.Timestamps;
import com.akidb.table.Projection.Selected;
import com.akidb.table.Projection.TableRow;
import com.akidb.table.RowService;
import com.akidb.table.RowService.RowInsert;
import com.akidb.table.TableSchema;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows as JSON objects with values by column name: writes those of answers, reads those of requests. */
public final class RowJson {

    private static final byte[] VERSION = piece("\"version\":");
    private static final byte[] CHANGED = piece(",\"changed_at\":");
    private static final byte[] SCORE = piece("\"" + RowService.SCORE + "\":");

    private final List<? extends Selected> select;
    private final byte[][] names;
    private final boolean meta;
    private final VectorFormat vectors;

    /** @param meta whether rows show their version and the time of their last change */
    public RowJson(List<? extends Selected> select, boolean meta, VectorFormat vectors) {
        this.select = select;
        this.meta = meta;
        this.vectors = vectors;
        this.names = select.stream()
                .map(each -> {
                    JsonWriter name = new JsonWriter(32).value(each.name()).put(':');
                    return Arrays.copyOf(name.array(), name.size());
                })
                .toArray(byte[][]::new);
    }

    void write(JsonWriter json, TableRow row) {
        json.vectorsAs(vectors).put('{');
        for (int i = 0; i < names.length; i++) {
            if (i > 0) {
                json.put(',');
            }
            json.put(names[i]);
            Object value = row.values().get(i);
            switch (select.get(i)) {
                case Selected.Field field -> writeCell(json, field.type(), value);
                case Selected.Expression _ -> writeCell(json, value);
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

    /** Reads the rows of a table. */
    public static final class Parser {

        private final TableSchema schema;
        private final Fields names;
        private final int[] positions;
        private final ColumnType[] types;

        public Parser(TableSchema schema) {
            this.schema = schema;
            List<Column> columns = schema.columns();
            this.names = Fields.of(columns.stream().map(Column::name).toList());
            this.positions = columns.stream()
                    .mapToInt(column -> schema.position(column.name()))
                    .toArray();
            this.types = columns.stream().map(Column::type).toArray(ColumnType[]::new);
        }

        /** Reads a row: values in the order of the table's columns, {@link RowInsert#ABSENT} where none is given. */
        public @Nullable Object[] row(JsonReader json) {
            @Nullable Object[] row = new Object[schema.definition().columns().size()];
            Arrays.fill(row, RowInsert.ABSENT);
            json.object(names, (value, index) -> row[positions[index]] = readCell(value, types[index]), this::unknown);
            return row;
        }

        /** Reads values by column name. */
        public Map<String, @Nullable Object> values(JsonReader json) {
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

    /** Reads the value of a column of a type, or null. */
    static @Nullable Object readCell(JsonReader json, ColumnType type) {
        if (json.nothing()) {
            return null;
        }
        return switch (type) {
            case STRING -> json.string();
            case INT -> json.longInteger();
            case FLOAT -> json.float64();
            case BOOL -> json.bool();
            case TIMESTAMP -> Timestamps.parse(json.string(), json.path());
            case JSON -> json.raw();
            case VECTOR -> json.floats();
        };
    }

    /** Writes a value of a column of a type, or null. */
    public static void writeCell(JsonWriter json, ColumnType type, @Nullable Object value) {
        if (type == ColumnType.JSON && value instanceof String text) {
            json.json(text);
        } else {
            writeCell(json, value);
        }
    }

    /** Writes a value according to its class. */
    static void writeCell(JsonWriter json, @Nullable Object value) {
        switch (value) {
            case null -> json.json(null);
            case Json(String text) -> json.json(text);
            case String text -> json.value(text);
            case Long number -> json.value(number.longValue());
            case Double number -> json.value(number.doubleValue());
            case Boolean bool -> json.value(bool.booleanValue());
            case Instant instant -> json.value(instant.toString());
            case float[] vector -> json.value(vector);
            default -> throw new IllegalStateException("no value of a cell: " + value.getClass());
        }
    }
}
